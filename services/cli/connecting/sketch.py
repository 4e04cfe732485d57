"""
A connector begun from sample payloads: a document in which every guess is marked by `decide`. Pure: values in, text
out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from schemas.base import format_instant
from schemas.connectors import GIVEN, IDENTITIES
from schemas.mappings import RESERVED
from services.cli.connecting.fields import Field, fields_of, words_of
from services.cli.connecting.guesses import MILESTONE, Guesses, event_of, guess
from services.cli.connecting.needs import WHEN
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.rows import bounded

__all__ = ["DECIDE", "decisions", "example_of", "pruned", "sketch"]

DECIDE: Final = "# decide: "
_ARRIVED: Final = "journey.arrived"
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*(?:[.][A-Za-z0-9_*-]+)*")
_WORDS_OF_YAML: Final = frozenset({"true", "false", "null"})
_MOST_VALUES: Final = 12
_MOST_UNUSED: Final = 100
_LONGEST_NAME: Final = 30


class _Named(NamedTuple):
    """
    The columns, by what they are for, and the names that they have.
    """

    names: dict[str, str]
    """Of a field's path, the name of its column."""
    columns: list[tuple[str, Field, bool]]
    """Name, field, and whether every payload has to have it."""

    def of(self, field: Field) -> str:
        return self.names[field.path]


def sketch(ident: str, payloads: Sequence[object], items: str | None) -> str:
    """
    Write the beginning of a connector for payloads, which lie in a list of the body where `items` says so.
    """
    fields = fields_of(payloads)
    chosen = guess(fields)
    named = _name(chosen)
    parts = (_head(ident), _body(items), _columns(named, chosen), _mapping(named, chosen), _unused(fields, named))
    return "".join(f"{line}\n" for part in parts for line in part)


def decisions(text: str) -> list[tuple[int, str]]:
    """
    What is left to decide, with the lines.
    """
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line.partition(DECIDE)[2]) for number, line in lines if DECIDE in line]


def example_of(title: str, body: object, events: Sequence[MappedEvent]) -> str:
    """
    Write an example of a document: a body, and the events that it yields. Identities are left out.
    """
    lines = ["", "examples:", f"  - title: {_quoted(title)}", f"    body: {json.dumps(body, ensure_ascii=False)}"]
    lines.append("    events:" if events else "    events: []")
    for event in events:
        data = {name: value for name, value in event.facts.data.items() if name not in IDENTITIES and name != "site"}
        told = {"type": event.type, "subject": event.subject, "time": format_instant(event.time_ms), "data": data}
        lines.append(f"      - {json.dumps(told, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def pruned(value: object, paths: Sequence[str]) -> object:
    """
    A payload without what no path leads to, so that an example holds no more of people than the mapping reads.
    """
    return _pruned(value, [path.split(".") for path in paths])


def _pruned(value: object, paths: list[list[str]]) -> object:
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for key, inner in value.items():
        below = [path[1:] for path in paths if path[0] == key]
        if any(not path for path in below):
            kept[key] = inner
        elif below:
            kept[key] = _pruned(inner, below)
    return kept


def _head(ident: str) -> Iterator[str]:
    variable = ident.upper().replace("-", "_")
    yield "# Begun by `sqm connector new`. What is marked by `decide` is a guess: confirm or change it."
    yield from ("apiVersion: sqm/v1", "kind: Connector", "metadata:", f"  id: {ident}")
    yield f"  title: {_text(ident.replace('-', ' ').capitalize())}  {DECIDE}what people call that system"
    yield f"  owner: Operations IT  {DECIDE}who looks after this connector"
    yield from ("", "guide:")
    yield f"  documentation: https://example.org/  {DECIDE}where the vendor describes its webhooks"
    yield "  feeds:"
    yield f"    - Journeys.  {DECIDE}which journeys and standards it feeds"
    yield "  setup:"
    yield f"    - Give that system the address https://YOUR-HOST/v1/webhooks/{ident}/YOUR-SHOP."
    yield f"    - Put its secret into SQM_SECRET_WEBHOOK__{variable}__YOUR_SHOP, or a file's name into …_FILE."
    yield ""
    yield f"signature:  {DECIDE}how it signs: header, hash, encoding, and what is signed (see docs/webhooks.md)"
    yield from ("  scheme: hmac", "  header: x-signature", "  hash: sha256", "  encoding: hex", '  signs: "{body}"', "")


def _body(items: str | None) -> Iterator[str]:
    if items is not None:
        yield from (f"body: {{items: {_text(items)}}}  {DECIDE}each element of this list is a payload", "")


def _name(chosen: Guesses) -> _Named:
    named = _Named({}, [])
    wanted: list[tuple[str, Field | None, bool]] = [
        ("journey", chosen.subject, True),
        ("delivery", chosen.delivery, False),
        ("place", chosen.site, True),
        ("what", chosen.kind, False),
        ("version", chosen.version, False),
        *(("_".join(field.last), field, False) for field in chosen.moments.values()),
        ("at", chosen.time, False),
        *((name, field, False) for name, field in chosen.facts.items()),
    ]
    for name, field, required in wanted:
        if field is not None and field.path not in named.names:
            free = _free(name, set(named.names.values()))
            named.names[field.path] = free
            named.columns.append((free, field, required))
    return named


def _free(name: str, taken: set[str]) -> str:
    """
    A name that expressions can use, and that no other column has.
    """
    plain = name.lstrip("0123456789_")[:_LONGEST_NAME]
    if plain in RESERVED or plain in GIVEN:
        plain = f"{plain}_of_it"
    number, free = 1, plain
    while free in taken:
        number += 1
        free = f"{plain}_{number}"
    return free


def _columns(named: _Named, chosen: Guesses) -> Iterator[str]:
    yield "columns:"
    if chosen.subject is None:
        yield f"  journey: {{name: id, required: true}}  {DECIDE}nothing reads like the id of a visit; write its path"
    for name, field, required in named.columns:
        said = _column(field, required=required, typed=field == chosen.version)
        yield f"  {name}: {{{', '.join(said)}}}{_remark(field)}"
    if any(field.kind == "local_time" for _, field, _ in named.columns):
        yield from ("", f"zone: UTC  {DECIDE}times have no offset; which zone is it, like Europe/Riga?")
    yield ""


def _column(field: Field, *, required: bool, typed: bool) -> Iterator[str]:
    """
    What is said of a column; `typed` where a number is meant, and not its digits.
    """
    yield f"name: {_text(field.path)}"
    if field.is_time or typed:
        yield f"type: {field.kind}"
    if field.format is not None:
        yield f"format: {_text(field.format)}"
    if required:
        yield "required: true"


def _remark(field: Field) -> str:
    if field.kind in ("epoch", "epoch_milliseconds"):
        seconds = float(field.values[0]) / (1 if field.kind == "epoch" else 1_000)
        return f"  {DECIDE}{field.values[0]} would be {format_instant(int(seconds * 1_000))}; is it?"
    return ""


def _mapping(named: _Named, chosen: Guesses) -> Iterator[str]:
    journey = "journey" if chosen.subject is None else named.of(chosen.subject)
    yield from _delivery(named, chosen, journey)
    yield from ("mappings:", "  journeys:", "    title: Journeys")
    yield f'    when: "true"  {DECIDE}which payloads it is for; others need a mapping, or passes_over'
    yield "    journey:"
    if chosen.site is None:
        yield f"      site: source  {DECIDE}nothing reads like a place, so the site is whoever posts"
    else:
        yield f"      site: {named.of(chosen.site)}  {DECIDE}do your standards call sites so? If not, say means"
    others = ", ".join(field.path for field in chosen.others)
    yield f'      subject: "{{{journey}}}"  {DECIDE}is it one for all payloads of a visit?' + (
        f" It might be {others}" if others else ""
    )
    yield "    events:"
    yield from (f"      - {rule}  {DECIDE}{why}" for rule, why in _events(named, chosen))
    yield "      # All types and their facts are in docs/reference/events.md."


def _delivery(named: _Named, chosen: Guesses, journey: str) -> Iterator[str]:
    yield "delivery:"
    yield f"  id: {journey if chosen.delivery is None else named.of(chosen.delivery)}"
    yield f"  object: {journey}"
    if chosen.version is not None:
        yield f"  version: {named.of(chosen.version)}"
    elif chosen.time is not None:
        yield f"  time: {named.of(chosen.time)}"
    else:
        yield f"  time: received_at  {DECIDE}nothing reads like a time or a version, so what comes later stands"
    yield ""


def _events(named: _Named, chosen: Guesses) -> Iterator[tuple[str, str]]:
    """
    Each rule, and the question that it leaves: times of their own first, then what words say.
    """
    facts = {name: named.of(field) for name, field in chosen.facts.items()}
    told: set[str] = set()
    for event in (event for event in WHEN if event in chosen.moments):
        field = chosen.moments[event]
        name = named.of(field)
        told.add(event)
        yield _rule(event, name, f"{name} != null", facts, field.last), f"does {field.path} tell {WHEN[event]}?"
    at = "received_at" if chosen.time is None else named.of(chosen.time)
    if chosen.kind is not None:
        what = named.of(chosen.kind)
        for value in chosen.kind.values[:_MOST_VALUES]:
            words = words_of(value)
            said = event_of(words)
            if said is not None and said not in told:
                told.add(said)
                condition = f"{what} == {_quoted(value)}"
                yield _rule(said, at, condition, facts, words), f"does {bounded(value)} tell {WHEN[said]}?"
    if not told:
        yield _rule(_ARRIVED, at, None, facts, ()), "what happened? Nothing in the payload reads like an event"


def _rule(event: str, time: str, when: str | None, facts: dict[str, str], words: Sequence[str]) -> str:
    data = [f"{name}: {column}" for name, column in facts.items()]
    if event == MILESTONE:
        step = next((word for word in words if event_of([word]) == MILESTONE), "step")
        data.append(f"milestone: {{text: {step}}}")
    parts = [f"type: {event}", *([f"when: {_quoted(when)}"] if when is not None else []), f"time: {time}"]
    return "{" + ", ".join([*parts, f"data: {{{', '.join(data)}}}"]) + "}"


def _unused(fields: Sequence[Field], named: _Named) -> Iterator[str]:
    """
    What else the payloads hold, by path and without values, which may be about people; times first.
    """
    rest = sorted((field for field in fields if field.path not in named.names), key=lambda field: not field.is_time)
    if rest:
        yield from ("", "# Not read, and so not kept:")
        yield from (f"#   {field.path} ({field.kind.replace('_', ' ')})" for field in rest[:_MOST_UNUSED])
    if len(rest) > _MOST_UNUSED:
        yield f"#   … and {len(rest) - _MOST_UNUSED} more"


def _text(text: str) -> str:
    """
    A text as YAML takes it for one.
    """
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
