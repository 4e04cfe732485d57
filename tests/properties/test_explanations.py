"""
Laws: whatever the engine says can be explained in every language, every number with its unit, and what would have kept
the standard agrees with the verdict.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any, Final, get_args

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.explanations import Argument, At, Explanation, Statement, Verbatim
from domain.explanations.remedies import due_at
from domain.wording import LANGUAGES, Voice, told
from schemas.outcomes import MEASUREMENTS, VIOLATIONS, EndedBy, Measurement, Violation
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
    "en": r"d|h|min|s|ms|%|times?|journeys?|cases?|points?|more faults?",
    "ru": r"сут|ч|мин|с|мс|%|раза?|обращени[яй]|случа\w+|балл\w*|нарушени\w+|×",  # noqa: RUF001 - Russian
    "lv": r"d\.|st\.|min|s|ms|%|rei[zž]\w*|kontakt\w*|gadījum\w+|punkt\w+|pārkāpum\w+|×",
}
_NUMBERS: Final = {
    language: re.compile(rf"\d+(?:[.,\u00a0]\d+)*(?!\d)(?![.,\u00a0]\d)(?!\s?(?:{units})(?!\w))")
    for language, units in _UNITS.items()
}
"""Numbers behind which no unit stands."""


_NOTHING: Final = ("limit is 0 s", "нормативе 0 с", "limits 0 s", "limit 0 s", "норматив 0 с", "limits ir 0 s")  # noqa: RUF001 - Russian
"""What is said of a clock and makes no sense of anything else."""


def _common(kind: str, of: Standard) -> dict[str, st.SearchStrategy[Any]]:
    later = st.integers(drawing.BASE_MS, drawing.BASE_MS + DAY)
    roles = st.sampled_from(("start", "stop", "step", "count", "of", "abandon", "cancel", "other", "arrive"))
    types = st.sampled_from(("sqm.observation.recorded", "sqm.feedback.received", "sqm.journey.arrived", "robot.waved"))
    entry = st.fixed_dictionaries(
        {"at": later, "type": types, "source": st.just("/s"), "id": st.just("e"), "role": roles}
    )
    fault = st.fixed_dictionaries({
        "step": st.just("greeted"), "at": later,
        "fault": st.sampled_from(("missing", "late", "repeated", "out_of_order")),
    })  # fmt: skip
    points = st.none() | st.integers(-1_000, 10_000)
    scored, stepped = kind == "score", kind == "sequence"
    return {
        "id": st.just(f"{kind}:it"), "standard": st.just(of.metadata.id), "version": st.just(1),
        "rev_offset": st.just(1), "rev_watermark": later, "site": st.just("branch"), "journey": st.just("it"),
        "arrived_at": later, "turn": st.sampled_from((0, 1, drawing.BASE_MS // 1_000, 1 << 47)), "limit_ms": st.just(0),
        "trail": st.lists(entry, max_size=3),
        "score": points if scored else st.none(), "minimum": points if scored else st.none(),
        "course": st.sampled_from((None, "usual")) if stepped else st.none(),
        "faults": st.lists(fault, max_size=3) if stepped else st.just([]),
    }  # fmt: skip


def _measured(kind: str, of: Standard) -> st.SearchStrategy[tuple[Measurement, Standard]]:
    later = st.integers(drawing.BASE_MS, drawing.BASE_MS + DAY)
    fields = _common(kind, of) | {
        "state": st.sampled_from(("standing", "standing", "withdrawn")), "started_at": later, "ended_at": later,
        "ended_by": st.sampled_from(get_args(EndedBy)), "value_ms": st.just(0), "paused_ms": st.just(0),
        "validity": st.just("plausible"), "met": st.sampled_from((None, True, False)),
        "short_abandon": st.just(value=False), "segments": st.just([]), "kind": st.just(kind),
        "reason": st.sampled_from((None, "price")),
    }  # fmt: skip
    return st.fixed_dictionaries(fields).map(lambda one: (MEASUREMENTS.validate_python(one), of))


def _violated(kind: str, of: Standard) -> st.SearchStrategy[tuple[Violation, Standard]]:
    later = st.integers(drawing.BASE_MS, drawing.BASE_MS + DAY)
    reasons = get_args(Violation.model_fields["reason"].annotation)
    fields = _common(kind, of) | {
        "kind": st.just("presence" if kind == "presence" else "journey"),
        "state": st.sampled_from(get_args(Violation.model_fields["state"].annotation)),
        "reason": st.sampled_from(reasons), "opened_at": later, "closed_at": st.none() | later, "detected_at": later,
        "as_of": later, "value_ms": st.just(0),
    }  # fmt: skip
    return st.fixed_dictionaries(fields).map(lambda one: (VIOLATIONS.validate_python(one), of))


OF_OTHER_KINDS: Final = st.one_of(
    *(_measured(of.kind_of, of) for of in drawing.ALL_KINDS if of.presence is None),
    *(_violated(of.kind_of, of) for of in (drawing.CSAT, drawing.CHECKLIST, drawing.STEPS, drawing.SILENCE)),
)


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
        holds_to_the_law(last, of, *earlier)


def holds_to_the_law(last: Measurement | Violation, of: Standard | None, *earlier: Measurement | Violation) -> None:
    """
    Look whether a verdict can be told in every language, each number with its unit, and no limit that there is not.
    """
    explanation = explained(last, of, *earlier)
    assert EXPLANATIONS.validate_json(EXPLANATIONS.dump_json(explanation)) == explanation
    for language, words in CATALOGUES.items():
        text = told(explanation, UTC, words)
        assert last.id in text
        if of is not None and of.clock is None:
            assert not any(nothing in text for nothing in _NOTHING)
        voice = Voice(words, UTC)
        for statement in statements(explanation):
            assert _NUMBERS[language].findall(voice.say(nameless(statement))) == []


@given(said=OF_OTHER_KINDS, know=st.booleans())
def test_whatever_the_contract_allows_of_the_kinds_that_are_no_clock_can_be_explained(
    said: tuple[Measurement | Violation, Standard], *, know: bool
) -> None:
    verdict, of = said
    holds_to_the_law(verdict, of if know else None)


@given(book=books(), log=logs())
def test_a_clock_kept_its_standard_just_where_it_ended_before_what_would_have_kept_it(
    book: Book, log: list[Record]
) -> None:
    for said, measured in said_by(book, log, Policy()):
        for one in said if measured else ():
            assert isinstance(one, Measurement)
            due = due_at(one) if one.kind == "clock" else None
            if due is not None and one.met is not None:
                assert one.met == (one.ended_at <= due)


def test_a_number_without_a_unit_is_found() -> None:
    for language, bare in (("en", "waited 12 for 3 s"), ("ru", "ожидание 12 при 3 с"), ("lv", "laiks 12, tad 3 s")):  # noqa: RUF001 - Russian
        assert _NUMBERS[language].findall(bare) == ["12"]
    assert _NUMBERS["ru"].findall("1,5 с, 2 мин 3 с, 80 %") == []  # noqa: RUF001 - Russian
    assert _NUMBERS["lv"].findall("1 d. 2 st., 1\u00a0000 reižu") == []
