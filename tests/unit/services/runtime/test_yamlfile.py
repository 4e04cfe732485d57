"""
YAML is read with suspicion, and every value keeps its line.
"""

from pathlib import Path

import pytest

from services.runtime.errors import Misconfigured, Rejected
from services.runtime.yamlfile import Limits, YamlFault, YamlReason, read_documents, read_one_document, read_yaml_file


def refused(raw: bytes | str, limits: Limits | None = None) -> YamlFault:
    with pytest.raises(YamlFault) as caught:
        read_documents(raw, "file.yaml", limits or Limits())
    return caught.value


def only_value(text: str) -> object:
    (document,) = read_documents(text, "file.yaml")
    return document.value


def test_several_documents_come_with_the_lines_of_the_file() -> None:
    first, second = read_documents("a: 1\nb:\n  - x\n  - y: 2\n---\nc: 3\n", "file.yaml")
    assert (first.value, second.value) == ({"a": 1, "b": ["x", {"y": 2}]}, {"c": 3})
    assert [first.locate(path) for path in (("a",), ("b",), ("b", 0), ("b", 1, "y"))] == [1, 2, 3, 4]
    assert second.locate(("c",)) == 6


def test_what_is_missing_is_located_at_what_should_contain_it() -> None:
    (document,) = read_documents("\nmetadata:\n  id: x\n", "file.yaml")
    assert document.locate(("metadata", "owner")) == 2
    assert document.locate(("clock", "limit")) == 2


def test_empty_documents_are_left_out() -> None:
    assert read_documents("", "file.yaml") == []
    assert read_documents("# nothing\n", "file.yaml") == []
    assert [d.value for d in read_documents("---\na: 1\n---\n", "file.yaml")] == [{"a": 1}]


@pytest.mark.parametrize(
    "written",
    ["no", "yes", "on", "Null", "010", "0x1F", "1_000", "12:30", "2026-01-31", "1e3", ".nan", ".inf", "=", "9" * 19],
)
def test_what_yaml_would_guess_at_stays_text(written: str) -> None:
    assert only_value(f"a: {written}") == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.50", 1.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_plain_numbers_and_truth_are_read(written: str, value: object) -> None:
    assert only_value(f"a: {written}") == {"a": value}


def test_keys_are_always_text() -> None:
    assert only_value("1: a\ntrue: b\non: c\n") == {"1": "a", "true": "b", "on": "c"}


def test_a_block_of_text_keeps_its_lines() -> None:
    assert only_value("why: |\n  one\n  2\n") == {"why": "one\n2\n"}


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("a: 1\nb: !!python/object/apply:os.system [x]", YamlReason.TAG, 2),
        ("a: !!str 1", YamlReason.TAG, 1),
        ("a: !own 1", YamlReason.TAG, 1),
        ("! a: 1", YamlReason.TAG, 1),
        ("!!map {a: 1}", YamlReason.TAG, 1),
        ("a: &x [1]\nb: *x", YamlReason.ALIAS, 1),
        ("a: 1\nb: *x", YamlReason.ALIAS, 2),
        ("&x a: 1", YamlReason.ALIAS, 1),
        ("a: 1\nb: 2\na: 3", YamlReason.DUPLICATE_KEY, 3),
        ("a: {b: 1, b: 2}", YamlReason.DUPLICATE_KEY, 1),
        ("'1': x\n1: y", YamlReason.DUPLICATE_KEY, 2),
        ("? [a, b]\n: 1", YamlReason.COMPLEX_KEY, 1),
        ("a: [1, 2", YamlReason.SYNTAX, 1),
        ("a:\n\t- b", YamlReason.SYNTAX, 2),
        ("a: b: c", YamlReason.SYNTAX, 1),
        ("a: 1\nb: \x07", YamlReason.SYNTAX, 2),
        ("a: 1\nb: \x00", YamlReason.SYNTAX, 2),
        ("a: 1\nb: \ud800", YamlReason.NOT_UTF8, 2),
        ("%YAML 9.9\n---\na: 1", YamlReason.SYNTAX, 1),
    ],
)
def test_what_nobody_sees_at_a_glance_is_refused_with_its_line(text: str, reason: YamlReason, line: int) -> None:
    fault = refused(text)
    assert (fault.reason, fault.line) == (reason.value, line)
    assert str(fault).startswith(f"file.yaml:{line}: ")


def test_invalid_utf8_is_refused_with_its_line() -> None:
    fault = refused(b"a: 1\nb: \xff\n")
    assert (fault.reason, fault.line) == (YamlReason.NOT_UTF8, 2)


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    (document,) = read_documents(b"\xef\xbb\xbfa: 1", "file.yaml")
    assert document.value == {"a": 1}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_before_it_hurts(opening: str) -> None:
    assert refused(opening * 100_000).reason in {YamlReason.TOO_DEEP, YamlReason.COMPLEX_KEY}


def test_the_greatest_depth_is_accepted_and_one_more_is_not() -> None:
    limits = Limits(max_depth=4)
    assert read_documents("[[[[1]]]]", "file.yaml", limits)
    assert refused("[[[[[1]]]]]", limits).reason == YamlReason.TOO_DEEP


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert refused("\n".join(lines)).line == 1


def test_sizes_are_bounded() -> None:
    assert refused("a: " + "x" * 100, Limits(max_bytes=100)).reason == YamlReason.TOO_LARGE
    assert refused("[1, 2, 3]", Limits(max_values=3)).reason == YamlReason.TOO_MANY
    assert refused("--- 1\n" * 3, Limits(max_documents=2)).reason == YamlReason.TOO_MANY


def test_a_message_never_repeats_a_huge_text() -> None:
    assert len(str(refused(f"{'k' * 900}: 1\n{'k' * 900}: 2"))) < 250


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    with pytest.raises(Rejected, match=r"missing\.yaml: cannot be read"):
        read_yaml_file(missing)
    with pytest.raises(Rejected, match="cannot be read"):
        read_yaml_file(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"one\.yaml: holds 0 documents; a list is one document"),
        ("a: 1\n---\nb: 2", "holds 2 documents"),
        ("a: 1\na: 2", r"one\.yaml:2: the key 'a' is written twice"),
    ],
)
def test_a_file_that_is_not_of_one_document_is_refused_for_good(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=message):
        read_one_document(file, "a list")
    file.write_text("a: 1", encoding="utf-8")
    assert read_one_document(file, "a list").value == {"a": 1}


def test_a_file_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 3_000_000)
    with pytest.raises(YamlFault, match="larger than"):
        read_yaml_file(large)
