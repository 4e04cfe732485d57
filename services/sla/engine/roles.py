"""
Roles: what an event is for, by its type and its facts, as bits.
"""

from collections.abc import Callable, Iterable
from typing import Final

from schemas.conditions import Condition
from schemas.events import LIFE_ORDER
from services.sla.engine.events import ATTRIBUTES, MORE, RARE, Attributes

START: Final = 1
STOP: Final = 2
ABANDON: Final = 4
CANCEL: Final = 8
PAUSE: Final = 16
RESUME: Final = 32
COUNT: Final = 64
"""It is counted: a complaint, an answer, a hand-over."""
OF: Final = 128
"""It is one of those that the counted ones are counted of."""
STEP: Final = 256
"""It shows that a step was taken."""
ENDS: Final = CANCEL | STOP | ABANDON

Test = tuple[int, frozenset[str | None]]
Guarded = tuple[int, tuple[Test, ...]]


class Roles:
    """Which bits an event has."""

    __slots__ = ("guarded", "masks", "of")

    def __init__(self, said: Iterable[tuple[int, Iterable[Condition]]]) -> None:
        """Turn conditions, each list with the bit that it stands for, into look-ups by the rank of an event's type."""
        masks = [0] * len(LIFE_ORDER)
        guarded: dict[int, list[Guarded]] = {}
        for bit, conditions in said:
            for condition in conditions:
                rank, tests = LIFE_ORDER[condition.event], _tests(condition)
                if tests:
                    guarded.setdefault(rank, []).append((bit, tests))
                else:
                    masks[rank] |= bit
        self.masks = plain = tuple(masks)
        """What an event does by its rank, whatever its attributes."""
        self.guarded = {rank: tuple(dict.fromkeys(tests)) for rank, tests in guarded.items()}
        """What it does if its attributes pass the tests."""
        # Without tests attributes tell nothing: they stand where a look-up has its default, which no rank needs.
        self.of: Callable[[int, Attributes], int] = self._of if self.guarded else dict(enumerate(plain)).get  # type: ignore[assignment]
        """Tell what an event does, by its rank and attributes, as bits."""

    def cares_for(self, rank: int) -> bool:
        """Tell whether an event of a rank may have a role."""
        return bool(self.masks[rank]) or rank in self.guarded

    def _of(self, rank: int, attributes: Attributes) -> int:
        mask = self.masks[rank]
        for bit, tests in self.guarded.get(rank, ()):
            if all(_value(attributes, place) in allowed for place, allowed in tests):
                mask |= bit
        return mask


def _tests(condition: Condition) -> tuple[Test, ...]:
    where = condition.where
    if where is None:
        return ()
    wanted = ((place, getattr(where, name)) for place, name in enumerate((*ATTRIBUTES, *RARE)))
    return tuple((place, _allowed(values)) for place, values in wanted if values is not None)


def _allowed(values: bool | tuple[str, ...]) -> frozenset[str | None]:  # noqa: FBT001 - what the document says
    if isinstance(values, tuple):
        return frozenset(values)
    return frozenset(("true",)) if values else frozenset(("false", None))


def _value(attributes: Attributes, place: int) -> str | None:
    if place < MORE:
        return attributes[place]  # type: ignore[no-any-return] # the rare ones stand behind
    more = attributes[MORE]
    return None if more is None else more[place - MORE]
