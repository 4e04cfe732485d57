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
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
section { background: var(--raised); border: 1px solid var(--line); border-left: 5px solid var(--tone, var(--line));
  border-radius: 8px; padding: 1rem; margin: 0 0 1rem; }
section p { margin: .35rem 0 0; color: var(--ink); overflow-wrap: anywhere; }
section .where { color: var(--quiet); } section .grave { color: var(--tone); font-weight: 600; }
section .note { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .75rem; white-space: pre-line; }
.page { --tone: var(--page); } .ticket { --tone: var(--ticket); } .info { --tone: var(--info); }
dl { margin: 1.5rem 0 0; border-top: 1px solid var(--line); }
dt { color: var(--quiet); margin: 1rem 0 0; } dt::first-letter { text-transform: uppercase; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
button { font: inherit; font-weight: 600; color: var(--on); background: var(--button); border: 0; border-radius: 8px;
  padding: .9rem 1.5rem; width: 100%; cursor: pointer; }
button:hover { filter: brightness(1.1); } button:active { transform: translateY(1px); }
button:focus-visible, a:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
a { color: var(--button); }
p { color: var(--quiet); margin: .75rem 0 0; } .done { color: var(--good); font-weight: 600; }
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
        parts.append(_card(page, key, severity, reading))
    if page in _BUTTON:
        parts.append(f"<form method=post><button>{escape(voice.word('alert-acknowledge'))}</button></form>")
    parts.append(f"<p{' class=done' if page is Page.DONE else ''}>{escape(text)}</p>")
    parts.append(_more(reading))
    return (
        f'<!doctype html><html lang={reading.language}><meta charset=utf-8><meta name=viewport content="width='
        f'device-width"><meta name=robots content=noindex><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<main>{''.join(parts)}</main>"
    )


def _card(page: Page, key: str, severity: str, reading: Reading) -> str:
    """
    What it is about, in lines that need no labels. Of what was acknowledged a moment ago the state is not told: it is
    still that of before.
    """
    view = reading.view
    if view is None:
        standard, _, place = key.partition("|")
        return f"<section><h2>{escape(standard)}</h2><p>{escape(place)}</p></section>"
    grave = view.severity if page is Page.DONE else f"{view.severity}, {view.state}"
    lines = [
        ("where", view.where),
        ("grave", grave),
        ("", view.open),
        ("", f"{view.when} ({reading.zone})"),
        ("note", view.note),
    ]
    told = "".join(f"<p{f' class={kind}' if kind else ''}>{escape(text)}</p>" for kind, text in lines if text)
    return f"<section class={severity}><h2>{escape(view.what)}</h2>{told}</section>"


def _more(reading: Reading) -> str:
    view, word = reading.view, reading.voice.word
    if view is None:
        return ""
    facts = [(word("alert-label-do"), view.do), (word("alert-label-why"), "\n".join(view.why))]
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    led = ((word("alert-runbook"), view.runbook), (word("alert-dashboard"), view.dashboard))
    links = "".join(f"<p><a href='{escape(url)}'>{escape(text)}</a></p>" for text, url in led if url)
    return f"<dl>{rows}</dl>{links}" if rows else links
