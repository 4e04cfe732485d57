"""
Facts: the data of a mapped event, held against the contract before the event is made.

Rows repeat themselves: the same site, service and employee come again and again. What was checked once is remembered,
so that the full strictness of the contract costs a look-up.
"""

from typing import Any, Final

import msgspec
from pydantic import BaseModel, ValidationError

from schemas.base import format_instant
from schemas.events import EVENT_MODELS
from schemas.forms import bound_in_words
from services.ingest.engine.expressions import Value
from services.ingest.engine.mapped import Facts

__all__ = ["FactsMaker", "UnfitFacts", "facts_model", "unfit_subject"]

_MOST_REMEMBERED: Final = 20_000
_LONGEST_SUBJECT: Final = 128
_LINE_ENDS: Final = ("\u2028", "\u2029")


class UnfitFacts(ValueError):
    """
    Facts that ingest would refuse: which, what stood there, and why.
    """

    def __init__(self, field: str, value: object, problem: str) -> None:
        super().__init__(problem)
        self.field, self.value, self.problem = field, value, problem


def facts_model(event_type: str) -> type[BaseModel]:
    """
    The contract of the data of one type of event.
    """
    model = EVENT_MODELS[event_type].model_fields["data"].annotation
    assert isinstance(model, type)  # noqa: S101 - the table of events says so
    assert issubclass(model, BaseModel)  # noqa: S101 - same
    return model


class FactsMaker:
    """
    Makes the data of one type of event from the site and the values of its facts.
    """

    def __init__(self, event_type: str, names: tuple[str, ...], path: str) -> None:
        self._model = facts_model(event_type)
        self._names = names
        self._path = path
        self._known: dict[tuple[Value, ...], Facts] = {}

    def known(self) -> list[str]:
        """
        The facts that events of this type may carry.
        """
        return [name for name in self._model.model_fields if name != "site"]

    def unknown(self) -> list[str]:
        """
        Those asked for that events of this type do not have; the site is said by the journey.
        """
        return [name for name in self._names if name not in self._model.model_fields or name == "site"]

    def make(self, site: Value, values: list[Value]) -> Facts:
        """
        The facts, with what is absent left out. Raises UnfitFacts.
        """
        key = (site, *values)
        facts = self._known.get(key)
        if facts is None or type(site) is not str:
            facts = self._check(site, values)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = facts
        return facts

    def _check(self, site: Value, values: list[Value]) -> Facts:
        data: dict[str, Any] = {"site": site}
        for name, value in zip(self._names, values, strict=True):
            if value is None:
                continue
            data[name] = format_instant(value) if name == "promised_at" and type(value) is int else value
        try:
            self._model.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0]) if first["loc"] else ""
            field = "journey.site" if name == "site" else f"{self._path}.{name}"
            problem = bound_in_words(first["type"], first.get("ctx", {})) or first["msg"].removeprefix("Value error, ")
            raise UnfitFacts(field, data.get(name, ""), problem) from error
        return Facts(str(site), data, msgspec.json.encode(data))


def unfit_subject(subject: str) -> str:
    """
    What is wrong with the name of a journey; empty if nothing is.
    """
    if not subject:
        return "empty"
    if len(subject) > _LONGEST_SUBJECT:
        return f"longer than {_LONGEST_SUBJECT} characters; name fewer or shorter columns"
    if not subject.isprintable() and (_has_control(subject) or any(end in subject for end in _LINE_ENDS)):
        return "control characters"
    return ""


def _has_control(text: str) -> bool:
    return any(char < " " or "\x7f" <= char <= "\x9f" for char in text)
