"""
Laws: whatever the engine says can be explained in every language, every number with its unit, and what would have kept
the standard agrees with the verdict.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.explanations import Argument, At, Explanation, Statement, Verbatim
from domain.explanations.remedies import due_at
from domain.wording import LANGUAGES, Voice, told
from schemas.outcomes import MEASUREMENTS, VIOLATIONS, Measurement, Violation
from schemas.standards import Standard
from services.sla import engine
from services.sla.engine import Book, Policy, Record
from tests.fakes.catalogues import catalogue, explained
from tests.properties import drawing
from tests.properties.drawing import DAY, books, logs
from tests.properties.running import run

STANDARDS = {
    (one.metadata.id, one.metadata.version): one for one in vars(drawing).values() if isinstance(one, Standard)
}
CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
EXPLANATIONS: TypeAdapter[Explanation] = TypeAdapter(Explanation)

_UNITS: Final = {
    "en": r"d|h|min|s|ms|%|times?|journeys?",
    "ru": r"сут|ч|мин|с|мс|%|раза?|обращени[яй]",  # noqa: RUF001 - Russian
    "lv": r"d\.|st\.|min|s|ms|%|rei[zž]\w*|kontakt\w*",
}
_NUMBERS: Final = {
    language: re.compile(rf"\d+(?:[.,\u00a0]\d+)*(?!\d)(?![.,\u00a0]\d)(?!\s?(?:{units})(?!\w))")
    for language, units in _UNITS.items()
}
"""Numbers behind which no unit stands."""


def said_by(book: Book, log: list[Record], policy: Policy) -> Iterator[tuple[Sequence[Measurement | Violation], bool]]:
    """
    What the engine said under each id, in the order of its revisions, and whether it was a measurement.
    """
    _, ledger = run(policy, book, log, until=log[-1][1] + 5 * DAY)
    by_id: dict[str, list[Measurement | Violation]] = {}
    for one in ledger.said:
        if isinstance(one, engine.Measurement):
            by_id.setdefault(one.id, []).append(MEASUREMENTS.validate_json(engine.encode_outcome(one)))
        elif isinstance(one, engine.Violation):
            by_id.setdefault(one.id, []).append(VIOLATIONS.validate_json(engine.encode_outcome(one)))
    for said in by_id.values():
        yield said, isinstance(said[0], Measurement)


def statements(explanation: Explanation) -> Iterator[Statement]:
    yield explanation.headline
    yield from (*explanation.about, *explanation.standard, *explanation.judgement, *explanation.remedies)
    yield from (*explanation.corrections, *explanation.remarks, *(one.why for one in explanation.stretches))
    for step in explanation.steps:
        yield from (step.what, step.effect)


def nameless(statement: Statement) -> Statement:
    """
    The statement with a dot for every name and instant, so that the numbers that are left are figures.
    """
    return replace(statement, arguments={name: _nameless(one) for name, one in statement.arguments.items()})


def _nameless(argument: Argument) -> Argument:
    match argument:
        case Verbatim() | At():
            return Verbatim("·")
        case Statement():
            return nameless(argument)
        case _:
            return argument


@given(
    book=books(),
    log=logs(),
    policy=st.sampled_from((Policy(), Policy(clock=engine.ClockKind.EVENT))),
    know=st.booleans(),
)
def test_whatever_is_said_can_be_explained_in_every_language_each_number_with_its_unit(
    book: Book, log: list[Record], policy: Policy, *, know: bool
) -> None:
    for said, _ in said_by(book, log, policy):
        *earlier, last = said
        of = STANDARDS[last.standard, last.version] if know else None
        explanation = explained(last, of, *earlier)
        assert EXPLANATIONS.validate_json(EXPLANATIONS.dump_json(explanation)) == explanation
        for language, words in CATALOGUES.items():
            assert last.id in told(explanation, UTC, words)
            voice = Voice(words, UTC)
            for statement in statements(explanation):
                assert _NUMBERS[language].findall(voice.say(nameless(statement))) == []


@given(book=books(), log=logs())
def test_a_clock_kept_its_standard_just_where_it_ended_before_what_would_have_kept_it(
    book: Book, log: list[Record]
) -> None:
    for said, measured in said_by(book, log, Policy()):
        for one in said if measured else ():
            assert isinstance(one, Measurement)
            due = due_at(one)
            if due is not None and one.met is not None:
                assert one.met == (one.ended_at <= due)


def test_a_number_without_a_unit_is_found() -> None:
    for language, bare in (("en", "waited 12 for 3 s"), ("ru", "ожидание 12 при 3 с"), ("lv", "laiks 12, tad 3 s")):  # noqa: RUF001 - Russian
        assert _NUMBERS[language].findall(bare) == ["12"]
    assert _NUMBERS["ru"].findall("1,5 с, 2 мин 3 с, 80 %") == []  # noqa: RUF001 - Russian
    assert _NUMBERS["lv"].findall("1 d. 2 st., 1\u00a0000 reižu") == []
