"""
The page behind the link of a message: what it would acknowledge, a button, and what came of it.

Pure: words go in, HTML comes out. It needs no script, and every text in it is escaped here.
"""

from html import escape
from typing import Final

from schemas.base import format_instant
from services.alerts.engine import Alert

__all__ = ["ack_page"]

_FAULTS: Final = {
    "expired": ("This link has expired", "Links hold for a day. Use the newest message, or `sqm alerts acknowledge`."),
    "forged": ("This link is not ours", "It was not signed by this service. Use the link of a message as it came."),
    "malformed": ("This link is incomplete", "Part of it was lost on the way. Use the link of the message as it came."),
}
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --raised: #f6f8fa; --line: #d1d9e0;
  --good: #11652c; --button: #0757ba; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa4b0; --paper: #0d1117; --raised: #161b22;
  --line: #30363d; --good: #56d364; --button: #79b8ff; --on: #0d1117; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.5 system-ui, "Segoe UI", Roboto,
  "DejaVu Sans", sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem; }
dl { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: 0 0 1.25rem;
  display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
button { font: inherit; font-weight: 600; color: var(--on); background: var(--button); border: 0; border-radius: 8px;
  padding: .8rem 1.5rem; width: 100%; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.done { color: var(--good); font-weight: 600; } p { color: var(--quiet); margin: .75rem 0 0; }
"""


def ack_page(
    key: str,
    alert: Alert | None,
    *,
    known: bool = True,
    used: bool = False,
    done: bool = False,
    fault: str | None = None,
) -> str:
    """
    Write the page: for an alert that is not over, one that is (None), or a link that does not hold (`fault`). Where it
    is not `known` here which alerts there are, nothing is said of it.
    """
    if fault is not None:
        title, text = _FAULTS[fault]
        return _page(title, f"<p>{_code(text)}</p>")
    if done:
        return _page("Acknowledged", f"{_facts(key, alert)}<p class=done>It is yours now. Nobody else is called.</p>")
    if alert is None and known:
        return _page("Nothing to acknowledge", f"{_facts(key, None)}<p>This alert is over.</p>")
    if used:
        return _page("Already acknowledged", f"{_facts(key, alert)}<p>This link has been used.</p>")
    button = "<form method=post><button>Acknowledge</button></form>"
    why = "<p>You take it on, and nobody else is called. It stays open until the standard is kept again.</p>"
    return _page("Acknowledge this alert?", f"{_facts(key, alert)}{button}{why}")


def _facts(key: str, alert: Alert | None) -> str:
    standard, _, scope = key.partition("|")
    facts = [("Standard", standard), ("Where", scope.replace("|", ", "))]
    if alert is not None:
        facts += [
            ("Severity", alert.severity),
            ("Since", format_instant(alert.begun_at)[:16].replace("T", " ") + " UTC"),
            ("Open now", str(alert.open)),
        ]
        if alert.owner is not None:
            facts.append(("Acknowledged by", alert.owner))
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in facts)}</dl>"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<meta name=robots content=noindex><title>{escape(title)}</title><style>{_STYLE}</style>"
        f"<main><h1>{escape(title)}</h1>{body}</main>"
    )


def _code(text: str) -> str:
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
