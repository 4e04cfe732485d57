"""
Expressions answer for a row, refuse what could hold up or harm, and say what is wrong in words.
"""

from inspect import getclosurevars

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.engine.expressions import (
    _MOST_REMEMBERED,
    EvaluationFault,
    ExpressionFault,
    Value,
    compile_expression,
)

SLOTS = {"outcome": 0, "wait": 1, "note": 2}


def answer(source: str, *values: Value) -> object:
    return compile_expression(source, SLOTS)([*values, None, None, None][:3])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("outcome", "AGENT"),
        ('"phone"', "phone"),
        ("'phone'", "phone"),
        ("42", 42),
        ("null", None),
        ('outcome == "AGENT" && wait > 5', True),
        ('outcome in ["HANG", "PHANTOM"]', False),
        ('wait > 5 ? "long" : "short"', "long"),
        ("wait * 1000 + 1", 7001),
        ("string(wait)", "7"),
        ('outcome.startsWith("AG")', True),
        ("note == null", True),
        ("outcome.size()", 5),
        ('outcome.matches("^A.*T$")', True),
    ],
)
def test_an_expression_answers_for_a_row(source: str, expected: object) -> None:
    assert answer(source, "AGENT", 7) == expected


def test_answers_are_remembered_by_the_values_that_they_rest_on() -> None:
    longer = compile_expression("wait > 5 && outcome == 'AGENT'", SLOTS)
    rows: list[list[Value]] = [["AGENT", 7, None], ["AGENT", 3, None], ["HANG", 7, None], ["AGENT", 7, "x"]]
    seen = [longer(row) for row in rows]
    assert seen == [True, False, False, True]


def test_the_answers_that_are_remembered_are_bounded() -> None:
    double = compile_expression("wait * 2", SLOTS)
    for number in range(_MOST_REMEMBERED + 1):
        assert double(["", number, None]) == number * 2
    assert len(getclosurevars(double).nonlocals["answers"]) == 1
    assert double(["", 7, None]) == 14


def test_the_answer_for_a_long_text_is_given_but_not_remembered() -> None:
    size = compile_expression("outcome.size() + 0", SLOTS)
    assert [size([text, 0, None]) for text in ("x" * 257, "x" * 256)] == [257, 256]
    assert list(getclosurevars(size).nonlocals["answers"]) == ["x" * 256]


def test_true_and_one_are_told_apart_where_a_name_may_be_either() -> None:
    is_one = compile_expression("wait == 1 ? 'one' : 'other'", SLOTS, loose={"wait"})
    assert [is_one(["", True, None]), is_one(["", 1, None]), is_one(["", True, None])] == ["other", "one", "other"]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("outcom == 'AGENT'", "nothing is called 'outcom' here; there are note, outcome, wait"),
        ("open('secrets')", "no function is called 'open'"),
        ("outcome()", "outcome is a name, not a function"),
        ("__import__('os')", "no function is called '__import__'"),
        ("[1, 2].map(x, x * 2)", "map() is not available"),
        ("['a'].map(note, note + note).map(note, note + note)", "map() is not available"),
        ("[wait].exists (note, note > 1)", "exists() is not available"),
        ("cel.bind(note, 1, note)", "no function is called 'bind'"),
        ("outcome == ", "cannot be read: at character"),
        ("wait > // five\n5", "no comment"),
        ("{'a': wait}.a", "builds no maps"),
        ('r"raw" == outcome', "plain single or double quotes"),
        ('"""three""" == outcome', "plain single or double quotes"),
        ("timestamp('2026-01-01T00:00:00Z')", "no function is called 'timestamp'"),
        ("outcome.matches('(')", "'(' is no regular expression"),
        ("outcome == '(' || outcome.matches(\"[\")", '"[" is no regular expression'),
        ("outcome.matches('((((a{1000}){1000}){1000}){1000})')", "grows too large"),
        ("outcome.matches(note)", "a pattern is written out"),
        ("matches(outcome, '^A')", "a pattern is written out"),
    ],
)
def test_what_no_mapping_may_contain_is_refused_with_the_reason(source: str, complaint: str) -> None:
    with pytest.raises(ExpressionFault) as refused:
        compile_expression(source, SLOTS)
    assert complaint in str(refused.value)


def test_a_pattern_inside_a_text_is_only_text() -> None:
    assert answer('outcome == ".matches(x)" || outcome.matches ( "^A[(]?" )', "AGENT") is True


def test_a_word_of_the_language_inside_a_text_is_only_text() -> None:
    assert answer('outcome == "map(x, x)"', "map(x, x)") is True


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("wait / 0", "division by zero"),
        ("outcome + 1", "string + int"),
        ("int(outcome)", "int"),
        ("[wait]", "list is no value"),
        ("9223372036854775807 + wait", "overflow"),
    ],
)
def test_an_expression_without_an_answer_says_so(source: str, complaint: str) -> None:
    with pytest.raises(EvaluationFault) as fault:
        answer(source, "AGENT", 7)
    assert complaint in str(fault.value)


def test_a_text_that_grows_beyond_the_bound_is_no_answer() -> None:
    with pytest.raises(EvaluationFault) as fault:
        answer("+".join(["outcome"] * 100), "x" * 8_000)
    assert "at most 8192" in str(fault.value)


@pytest.mark.parametrize(
    "source", ["(" * 490 + "1" + ")" * 490, "[" * 490 + "]" * 490, "true ? 1 : " * 90 + "1", "!" * 999 + "true"]
)
def test_deep_nesting_ends_in_an_answer_or_a_fault_and_not_in_a_crash(source: str) -> None:
    try:
        told = str(answer(source))
    except (ExpressionFault, EvaluationFault) as fault:
        told = str(fault)
    assert len(told) < 2_000


@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(source: str) -> None:
    try:
        answer(source or "1", "AGENT", 7)
    except (ExpressionFault, EvaluationFault):
        return


@given(st.text(alphabet="owmaitexsu.()[]\"'+*-!?:&|=<>, 019", min_size=1, max_size=40))
def test_any_text_that_looks_like_an_expression_is_answered_or_refused(source: str) -> None:
    try:
        answer(source, "AGENT", 7)
    except (ExpressionFault, EvaluationFault):
        return
