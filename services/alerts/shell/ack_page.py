"""
The page behind the link of a message: what it would acknowledge, a button, and what came of it.

Pure: words go in, HTML comes out. It needs no script, and every text in it is escaped here.
"""

from enum import StrEnum
from html import escape
from typing import Final, NamedTuple

from domain.wording import Voice
from services.alerts.shell.notifiers import AlertView

__all__ = ["Page", "Reading", "ack_page"]


class Page(StrEnum):
    """
    Which page it is.
    """

    ASK = "ask"
    """Nobody has it: do you?"""
    TAKE = "take"
    """Somebody has it: do you take it over?"""
    DONE = "done"
    """It is yours now."""
    USED = "used"
    """The link has been used before."""
    OVER = "over"
    """The alert is over."""
    AWAY = "away"
    """This process cannot see the alert, for another one works; what is asked for here is done all the same."""
    EXPIRED = "expired"
    FORGED = "forged"
    MALFORMED = "malformed"


class Reading(NamedTuple):
    """
    How the reader is spoken to, and the alert in these words; None where it is not known, or over.
    """

    voice: Voice
    language: str
    zone: str
    view: AlertView | None


_BUTTON: Final = frozenset({Page.ASK, Page.TAKE, Page.AWAY})
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --raised: #f6f8fa; --line: #d1d9e0;
  --good: #11652c; --button: #0757ba; --on: #fff; --page: #b3151d; --ticket: #7d4e00; --info: #59636e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa4b0; --paper: #0d1117; --raised: #161b22;
  --line: #30363d; --good: #56d364; --button: #79b8ff; --on: #0d1117; --page: #ff7b72; --ticket: #e3b341;
  --info: #9aa4b0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.5 system-ui, "Segoe UI", Roboto,
  "DejaVu Sans", sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 .75rem; overflow-wrap: anywhere; }
section { background: var(--raised); border: 1px solid var(--line); border-left: 5px solid var(--tone, var(--line));
  border-radius: 8px; padding: 1rem; margin: 0 0 1rem; }
.page { --tone: var(--page); } .ticket { --tone: var(--ticket); } .info { --tone: var(--info); }
dl { margin: 0; display: grid; grid-template-columns: minmax(5rem, auto) 1fr; gap: .35rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
dd.grave { color: var(--tone); font-weight: 600; }
dt::first-letter { text-transform: uppercase; }
.more { padding: 0 1rem; margin: 1.25rem 0 0; }
button { font: inherit; font-weight: 600; color: var(--on); background: var(--button); border: 0; border-radius: 8px;
  padding: .9rem 1.5rem; width: 100%; cursor: pointer; }
button:hover { filter: brightness(1.1); } button:active { transform: translateY(1px); }
button:focus-visible, a:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
a { color: var(--button); }
.done { color: var(--good); font-weight: 600; } p { color: var(--quiet); margin: .75rem 0 0; }
p.done { color: var(--good); }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  main { padding-top: 1rem; } }
"""


def ack_page(page: Page, key: str, severity: str, reading: Reading) -> str:
    """
    Write the page about the alert of a key (empty where the link does not hold), in the reader's words.

    The button comes before the details, so that on a phone it is there without looking for it.
    """
    voice = reading.voice
    title, text = voice.word("alert-page", page=page), voice.word("alert-page-text", page=page)
    parts = [f"<h1>{escape(title)}</h1>"]
    if key:
        parts.append(_card(key, severity, reading))
    if page in _BUTTON:
        parts.append(f"<form method=post><button>{escape(voice.word('alert-acknowledge'))}</button></form>")
    parts.append(f"<p{' class=done' if page is Page.DONE else ''}>{_code(text)}</p>")
    parts.append(_more(reading))
    return (
        f'<!doctype html><html lang={reading.language}><meta charset=utf-8><meta name=viewport content="width='
        f'device-width"><meta name=robots content=noindex><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<main>{''.join(parts)}</main>"
    )


def _card(key: str, severity: str, reading: Reading) -> str:
    view, word = reading.view, reading.voice.word
    if view is None:
        standard, _, place = key.partition("|")
        return f"<section><h2>{escape(standard)}</h2>{_rows([(word('alert-label-where'), place, '')])}</section>"
    facts = [
        (word("alert-label-where"), view.where, ""),
        (word("alert-label-how-bad"), f"{view.severity}, {view.state}", "grave"),
        (word("alert-label-when"), f"{view.when} ({reading.zone})", ""),
        (word("alert-label-open"), view.open, ""),
        (word("alert-label-note"), view.note, ""),
    ]
    return f"<section class={severity}><h2>{escape(view.what)}</h2>{_rows(facts)}</section>"


def _more(reading: Reading) -> str:
    view, word = reading.view, reading.voice.word
    if view is None:
        return ""
    rows = _rows([(word("alert-label-do"), view.do, ""), (word("alert-label-why"), "\n".join(view.why), "")])
    runbook = f"<p><a href='{escape(view.runbook)}'>{escape(word('alert-runbook'))}</a></p>" if view.runbook else ""
    return f"<div class=more>{rows}{runbook}</div>" if rows or runbook else ""


def _rows(facts: list[tuple[str, str, str]]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd{f' class={kind}' if kind else ''}>{escape(value)}</dd>"
        for name, value, kind in facts
        if value
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _code(text: str) -> str:
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
