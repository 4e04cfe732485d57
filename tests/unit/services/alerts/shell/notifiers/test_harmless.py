"""
Names, notes and instructions of other people do no harm in any channel.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.shell.notifiers.harmless import chat_text, one_line, some_lines, web_address


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_line_is_one_and_not_longer_than_it_may_be(text: str, most: int) -> None:
    line = one_line(text, most)
    assert len(line) <= most
    assert line.splitlines() in ([], [line])
    line.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Riga\r\nBcc: all@example.org", "Riga Bcc: all@example.org"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("evil \u202etxt.exe", "evil txt.exe"),
        ("broken \ud800 half", "broken half"),
        ("x" * 20, "x" * 9 + "…"),
    ],
)
def test_line_ends_controls_and_marks_that_turn_text_round_are_gone(text: str, line: str) -> None:
    assert one_line(text, 10 if set(text) == {"x"} else 100) == line


def test_instructions_keep_their_lines_and_nothing_else_of_what_controls() -> None:
    assert some_lines("  Open a counter.\n\tCall\x07 Anna.\r\n", 100) == "Open a counter.\nCall Anna."


@pytest.mark.parametrize("text", ["https://wiki.example/a?b=c#d", "http://10.0.0.1:8080/"])
def test_an_address_of_the_web_is_one(text: str) -> None:
    assert web_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a b",
        'https://a"b',
        "https://a\nb",
        "https://" + "a" * 2_000,
    ],
)
def test_anything_else_is_no_address(text: str | None) -> None:
    assert web_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> come",
        "<@U123>",
        "@channel",
        "@here @all",
        "[pay here](https://evil.example)",
        "*_~`bold`~_*",
        "a & b",
    ],
)
def test_a_chat_finds_no_mention_no_link_and_no_markup_in_a_text(text: str) -> None:
    said = chat_text(text)
    assert "<" not in said
    assert "](" not in said
    assert not any(f"@{word}" in said for word in ("channel", "here", "all"))
    assert not any(mark + letter in said for mark in "*_~`" for letter in "*_~`bold")
    shown = said.replace("\u2060", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == text


def test_our_own_links_stay_whole_and_those_of_others_are_divided_like_any_text() -> None:
    ours, theirs = "https://sqm.example/ack/a_b-c", "https://evil.example/a_b"
    said = chat_text(f"{theirs} {ours}", [ours, "https://sqm.example/ack"])
    assert ours in said
    assert theirs not in said
