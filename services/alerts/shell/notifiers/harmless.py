"""
Makes what came from outside harmless before it is shown: names of sites, notes and instructions are other people's.

HTML is escaped by its template and JSON by its encoder; here is what neither does.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

__all__ = ["chat_text", "one_line", "some_lines", "web_address"]

_INVISIBLE: Final = frozenset(
    "\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that make text read backwards, break lines or hide."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
_LONGEST_ADDRESS: Final = 2_000
_GAP: Final = "\u2060"
"""A word joiner: people do not see it, and no chat takes what it divides for a command."""
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_COMMANDS: Final = re.compile(r"(@|]\(|[*_~`])")


def one_line(text: str, most: int) -> str:
    """
    Return a text as one line of at most so many characters, without control characters: for titles and headers.
    """
    return _cut(" ".join(_plain(text).split()), most)


def some_lines(text: str, most: int) -> str:
    """
    Return a text with its lines, of at most so many characters, without other control characters.
    """
    lines = (" ".join(_plain(line).split()) for line in text.splitlines())
    return _cut("\n".join(lines).strip(), most)


def web_address(text: str | None) -> str | None:
    """
    Return an address of the web; None for anything else, which may be a script.
    """
    return text if text and len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) else None


def chat_text(text: str, links: Collection[str] = ()) -> str:
    """
    Return a text as a chat of Slack's kind shows it and nothing more: no mention, no markup, no link but ours.

    Slack itself needs three characters escaped; those that read Markdown (Mattermost, Rocket.Chat) would take `@all`
    for a mention and `[name](address)` for a link, so these are divided by a character that has no width.
    """
    ours = "|".join(re.escape(link) for link in sorted(links, key=len, reverse=True))
    pieces = re.split(f"({ours})", text) if ours else [text]
    # Every second piece is what the pattern found.
    return "".join(_escaped(piece) if place % 2 else _divided(piece) for place, piece in enumerate(pieces))


def _divided(text: str) -> str:
    return _COMMANDS.sub(lambda found: _GAP.join(found.group()) + _GAP, _escaped(text))


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def _plain(text: str) -> str:
    if text.isprintable():
        # Neither a control nor an invisible character is; most texts have none.
        return text
    return "".join(" " if _is_control(letter) else letter for letter in text if letter not in _INVISIBLE)


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
