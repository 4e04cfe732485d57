"""
Globs: whether there is a value that some of them match and others do not, shown by the value itself.

A set of globs is run as the automaton that it is, on one character of each kind that its globs tell apart, so the
answer is exact, whatever stars stand where.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final

Globs = tuple[str, ...]
_State = frozenset[tuple[int, int]]
"""Which places of which globs have been reached."""

_STAR: Final = "*"
_ORDINARY: Final = "xé漢"
_SIGNS: Final = frozenset("*?[]!")
_LAST: Final = 0x10FFFF
STEPS_EACH: Final = 200_000
"""No question about globs that a person writes takes as many: a fifth of a second."""
STEPS: Final = 20 * STEPS_EACH


class _Automaton:
    """
    A set of globs, of which one must match.
    """

    def __init__(self, globs: Globs) -> None:
        self.tokens = tuple(map(_tokens, globs))
        self.start = self._closed((number, 0) for number in range(len(globs)))

    def after(self, state: _State, character: str) -> _State:
        """
        Say which places are reached with one more character.
        """
        return self._closed(
            (number, place if token == _STAR else place + 1)
            for number, place in state
            if place < len(self.tokens[number])
            and ((token := self.tokens[number][place]) == _STAR or fnmatchcase(character, token))
        )

    def accepts(self, state: _State) -> bool:
        """
        Whether a glob has been read to its end.
        """
        return any(place == len(self.tokens[number]) for number, place in state)

    def _closed(self, places: Iterable[tuple[int, int]]) -> _State:
        found: set[tuple[int, int]] = set()
        for number, first in places:
            place = first
            found.add((number, place))
            while place < len(self.tokens[number]) and self.tokens[number][place] == _STAR:
                place += 1
                found.add((number, place))
        return frozenset(found)


def matches(value: str | None, globs: Globs) -> bool:
    """
    Whether one of some globs matches a value; what is absent none matches.
    """
    return value is not None and any(fnmatchcase(value, glob) for glob in globs)


class Search:
    """
    Answers about globs, at no more than so many steps for each and for all together, so that no file makes it hang.

    ``undecided`` counts the questions that it gave up; of these nothing is claimed.
    """

    def __init__(self, steps_each: int = STEPS_EACH, steps: int = STEPS) -> None:
        self.undecided = 0
        self._each = steps_each
        self._left = steps
        self._known: dict[tuple[tuple[Globs, ...], Globs], tuple[str | None, bool]] = {}

    def shown_value(self, every: Sequence[Globs], none: Globs = ()) -> str | None:
        """
        Find a shortest value that a glob of each of some sets matches and none of others does; None where none was
        found.
        """
        return self._found(tuple(every), none)[0]

    def apart(self, one: Globs, other: Globs) -> bool:
        """
        Whether it is certain that no value is matched by both.
        """
        return self._found((one, other), ()) == (None, True)

    def swallows(self, wide: Globs, narrow: Globs) -> bool:
        """
        Whether it is certain that everything that the narrow globs match is matched by the wide ones.
        """
        return self._found((narrow,), wide) == (None, True)

    def _found(self, every: tuple[Globs, ...], none: Globs) -> tuple[str | None, bool]:
        known = self._known.get((every, none))
        if known is None:
            known = self._known[every, none] = self._search(every, none)
        self.undecided += not known[1]
        return known

    def _search(self, every: tuple[Globs, ...], none: Globs) -> tuple[str | None, bool]:
        """
        Look for a value, shortest first; say whether the answer is certain.
        """
        wanted, unwanted = [_Automaton(globs) for globs in every], _Automaton(none)
        alphabet = _alphabet([*(glob for globs in every for glob in globs), *none])
        first = (tuple(one.start for one in wanted), unwanted.start)
        seen, waiting, left = {first}, deque([(first, "")]), min(self._each, self._left)
        before = left
        try:
            while waiting:
                (states, avoided), value = waiting.popleft()
                left -= len(alphabet) * (len(avoided) + sum(map(len, states)))
                if left < 0:
                    return None, False
                for character in alphabet:
                    reached = tuple(one.after(state, character) for one, state in zip(wanted, states, strict=True))
                    if not all(reached):
                        continue
                    place = (reached, unwanted.after(avoided, character))
                    done = all(one.accepts(state) for one, state in zip(wanted, reached, strict=True))
                    if done and not unwanted.accepts(place[1]):
                        return value + character, True
                    if place not in seen:
                        seen.add(place)
                        waiting.append((place, value + character))
            return None, True
        finally:
            self._left -= before - max(left, 0)


def _tokens(glob: str) -> tuple[str, ...]:
    """
    Cut a glob into stars and globs of one character each.
    """
    found: list[str] = []
    place = 0
    while place < len(glob):
        end = _end_of_class(glob, place) if glob[place] == "[" else place + 1
        found.append(glob[place:end])
        place = end
    return tuple(found)


def _end_of_class(glob: str, begin: int) -> int:
    """
    Say where a class of characters ends that begins here; one that is not closed is a bracket and no more.
    """
    inside = begin + 2 if glob[begin + 1 : begin + 2] == "!" else begin + 1
    end = glob.find("]", inside + 1)
    return end + 1 if end >= 0 else begin + 1


def _alphabet(globs: Sequence[str]) -> list[str]:
    """
    One character at least of every kind that the globs tell apart: theirs, their neighbours, and ordinary ones.
    """
    own = {character for glob in globs for character in glob}
    near = {chr(ord(character) + step) for character in own for step in (-1, 1) if 0 < ord(character) < _LAST}
    other = next(chr(code) for code in range(ord(_ORDINARY[0]), _LAST) if chr(code) not in own)
    known = [*sorted(own - _SIGNS), other, *_ORDINARY, *sorted(own & _SIGNS)]
    if any("[" in glob for glob in globs):
        known += sorted(near)
    return [character for character in dict.fromkeys(known) if character.isprintable()]


__all__ = ["STEPS", "STEPS_EACH", "Globs", "Search", "matches"]
