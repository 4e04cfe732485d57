"""
Tells an explanation as text: the statements in a language, the instants in a zone that is named.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final

from domain.explanations import (
    Argument,
    At,
    Choice,
    Count,
    Explanation,
    Length,
    Points,
    Share,
    Statement,
    Step,
    Stretch,
    Verbatim,
)
from domain.wording.catalogue import Catalogue
from domain.wording.durations import duration, rounded_up, whole_duration
from schemas.base import from_millis

_HUNDRED: Final = 100


class Voice:
    """
    Says statements in one language and one time zone; with ``days`` every instant is told with its day.
    """

    def __init__(self, catalogue: Catalogue, zone: tzinfo, *, days: bool = True) -> None:
        self._catalogue = catalogue
        self._zone = zone
        self.days = days

    def say(self, statement: Statement) -> str:
        """
        Say one statement.
        """
        given = {name: self._said(argument) for name, argument in statement.arguments.items()}
        return self._catalogue.say(statement.key, given)

    def word(self, key: str, **given: str | int) -> str:
        """
        Say what frames the statements: a label, a heading, a line made of two.
        """
        return self._catalogue.say(key, given)

    def length(self, millis: int) -> str:
        return duration(self._catalogue, millis)

    def day(self, millis: int) -> str:
        """
        Say the day of an instant.
        """
        at = self._local(millis)
        return self.word("day", day=str(at.day), month=at.month, year=str(at.year))

    def instant(self, millis: int) -> str:
        """
        Say an instant to the second, and to the millisecond where it is not whole.
        """
        at = self._local(millis)
        time = at.strftime("%H:%M:%S")
        if at.microsecond:
            time = self.word("time-millis", time=time, millis=f"{at.microsecond // 1_000:03}")
        return self.word("day-time", day=self.day(millis), time=time) if self.days else time

    def minute(self, millis: int, *, beside: int) -> str:
        """
        Say an instant to the minute, without its day where that is the day of the instant beside which it is read.
        """
        at = self._local(millis)
        time = at.strftime("%H:%M")
        if at.date() == self._local(beside).date():
            return time
        return self.word("day-time", day=self.day(millis), time=time)

    def _local(self, millis: int) -> datetime:
        return from_millis(millis).astimezone(self._zone)

    def _said(self, argument: Argument) -> str | int:
        match argument:
            case Verbatim(verbatim=text):
                return text
            case Choice(choice=word):
                return word
            case Count(count=count):
                return count
            case Length(duration_ms=millis, rounded="not"):
                return whole_duration(self._catalogue, millis)
            case Length(duration_ms=millis, rounded=way):
                return self.length(rounded_up(millis) if way == "up" else millis)
            case At(instant_ms=millis):
                return self.instant(millis)
            case Share(basis_points=points):
                return self._percent(points)
            case Points(hundredths=points):
                return self._points(points)
        return self.say(argument)

    def _percent(self, basis_points: int) -> str:
        whole, hundredths = divmod(basis_points, _HUNDRED)
        if hundredths:
            return self.word("percent-decimals", n=whole, decimals=f"{hundredths:02}".rstrip("0"))
        return self.word("percent", n=whole)

    def _points(self, hundredths: int) -> str:
        whole, part = divmod(abs(hundredths), _HUNDRED)
        sign = -1 if hundredths < 0 else 1
        if part:
            said = f"-{whole}" if sign < 0 else str(whole)
            return self.word("points-decimals", n=said, decimals=f"{part:02}".rstrip("0"))
        return self.word("points", n=sign * whole)


def told(explanation: Explanation, zone: tzinfo, catalogue: Catalogue) -> str:
    """
    Write an explanation as text in the language of a catalogue, its instants in a time zone.
    """
    days = {from_millis(at).astimezone(zone).date() for at in _instants(explanation)}
    voice = Voice(catalogue, zone, days=len(days) > 1 or not explanation.steps)
    lines = [voice.say(explanation.headline), "", *_labelled(_rows(explanation, zone, voice))]
    if explanation.steps:
        lines += ["", _reported_heading(explanation, voice), *(_step(step, voice) for step in explanation.steps)]
    parts: tuple[tuple[str, Iterable[str]], ...] = (
        ("heading-clock", [_stretch(one, voice) for one in explanation.stretches]),
        ("heading-judgement", _sentences(explanation.judgement, voice)),
        ("heading-remedies", _sentences(explanation.remedies, voice)),
        ("heading-corrections", _sentences(explanation.corrections, voice)),
        ("heading-remarks", _sentences(explanation.remarks, voice)),
    )
    for heading, said in parts:
        if said:
            lines += ["", voice.word(heading), *said]
    return "\n".join(lines)


def _rows(explanation: Explanation, zone: tzinfo, voice: Voice) -> Iterator[tuple[str, str]]:
    who, *facts = [voice.say(one) for one in explanation.about]
    yield voice.word("label-who"), who + (f" ({', '.join(facts)})" if facts else "")
    for place, one in enumerate(explanation.standard):
        yield "" if place else voice.word("label-standard"), voice.say(one)
    if explanation.why:
        yield voice.word("label-why"), explanation.why
    yield voice.word("label-zone"), str(zone)
    yield voice.word("label-id"), explanation.id


def _labelled(rows: Iterable[tuple[str, str]]) -> list[str]:
    held = list(rows)
    width = max(len(label) for label, _ in held)
    return [f"  {label:<{width}}  {said}" for label, said in held]


def _reported_heading(explanation: Explanation, voice: Voice) -> str:
    if voice.days:
        return voice.word("heading-reported")
    return voice.word("heading-reported-on", day=voice.day(explanation.steps[0].at))


def _step(step: Step, voice: Voice) -> str:
    line = voice.word("reported", what=voice.say(step.what), effect=voice.say(step.effect))
    return f"  {voice.instant(step.at)}  {line}  [{step.source} {step.event}]"


def _stretch(piece: Stretch, voice: Voice) -> str:
    line = voice.word("stretch", length=voice.length(piece.ends_at - piece.begins_at), why=voice.say(piece.why))
    return f"  {voice.instant(piece.begins_at)} → {voice.instant(piece.ends_at)}  {line}"


def _sentences(statements: Iterable[Statement], voice: Voice) -> list[str]:
    said = [voice.say(one) for one in statements]
    return [f"  {one[:1].upper()}{one[1:]}" for one in said]


def _instants(explanation: Explanation) -> Iterator[int]:
    for step in explanation.steps:
        yield step.at
    for piece in explanation.stretches:
        yield from (piece.begins_at, piece.ends_at)
    said = (explanation.headline, *explanation.judgement, *explanation.remedies, *explanation.corrections)
    for statement in said:
        yield from _said_instants(statement)


def _said_instants(statement: Statement) -> Iterator[int]:
    for argument in statement.arguments.values():
        if isinstance(argument, At):
            yield argument.instant_ms
        elif isinstance(argument, Statement):
            yield from _said_instants(argument)


__all__ = ["Voice", "told"]
