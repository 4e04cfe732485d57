"""
`sqm deadletters`: see what was refused and why, and send it back once the cause is mended.
"""

import asyncio
import json
import os
import re
import sys
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from schemas.base import format_instant
from schemas.dead_letters import DeadLetterHeaders
from services.cli.examples import examples
from services.cli.instants import read_ago
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, Rejected

if TYPE_CHECKING:
    from services.cli.letterbox import Choice, Found
    from services.runtime.kafka import Connection

app = typer.Typer(add_completion=False, no_args_is_help=True, help="List, show and replay what was refused.")

__all__ = ["app"]

_SHOWN = 4_000

Reasons = Annotated[list[str] | None, typer.Option("--reason", help="Only with this reason; several times: any.")]
Stages = Annotated[list[str] | None, typer.Option("--stage", help="Only refused by: ingest, mapping, sla, history.")]
Source = Annotated[str | None, typer.Option(help="Only events whose source begins like this.")]
Since = Annotated[str | None, typer.Option(help="Only refused since: an instant with offset, or so long ago (2h).")]
Until = Annotated[str | None, typer.Option(help="Only refused before: an instant with offset, or so long ago.")]


@app.command("list", epilog=examples("sqm deadletters list --since 2h", "sqm deadletters list --reason in_the_future"))
def list_letters(
    *,
    reason: Reasons = None,
    stage: Stages = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="Lines shown; all are counted.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line, without limit.")] = False,
) -> None:
    """
    Show the refused, oldest first (with --json as they stand, partition by partition), and count them by stage and
    reason.
    """
    choice = _choice(reason, stage, source, since, until)
    counts: Counter[tuple[str, str]] = Counter()
    oldest: list[Found] = []

    def take(found: "Found") -> None:
        counts[found.letter.stage, found.letter.reason] += 1
        if as_json:
            sys.stdout.write(json.dumps(_as_object(found)) + "\n")
            return
        insort(oldest, found, key=_age)
        del oldest[limit:]

    asyncio.run(_each(_connection(), choice, take))
    if as_json:
        return
    for line in _table(oldest):
        sys.stdout.write(line + "\n")
    if counts.total() > limit:
        sys.stdout.write(f"… {counts.total() - limit:,} later ones; --limit and --since show them\n")
    for (where, why), count in counts.most_common():
        sys.stdout.write(f"{count:>9,}  {where:<8} {why}\n")
    sys.stdout.write(f"{counts.total():>9,}  in all\n")
    if reason and not counts:
        sys.stdout.write(f"{_reasons_there_are()}\n")


@app.command(epilog=examples("sqm deadletters show 2/1041"))
def show(
    place: Annotated[str, typer.Argument(metavar="PARTITION/OFFSET", help="As `sqm deadletters list` shows it.")],
) -> None:
    """
    Show one letter whole: why, from where, its headers and its value.
    """
    from services.cli.letterbox import Choice  # noqa: PLC0415  (Kafka is loaded only when asked for)

    if not re.fullmatch(r"\d+/\d+", place):
        raise Misconfigured(f"{place[:40]!r}: a letter is named by partition and offset, like 2/1041")
    found: list[Found] = []
    asyncio.run(_each(_connection(), Choice(place=place), found.append))
    if not found:
        raise Rejected("unknown", f"no letter at {place}; it may have expired, see `sqm deadletters list`")
    for name, value in _as_object(found[0]).items():
        sys.stdout.write(f"{name + ':':<17} {_text(str(value).encode())}\n")
    for header, raw in found[0].letter.headers:
        sys.stdout.write(f"header            {header}: {_text(raw)}\n")
    sys.stdout.write(f"\n{_text(found[0].letter.value)}\n")


@app.command(
    epilog=examples(
        "sqm deadletters replay --reason in_the_future --since 1d --dry-run",
        "sqm deadletters replay --stage ingest --source /branch/berlin --yes",
    )
)
def replay(  # noqa: PLR0913  (every option is a filter)
    *,
    reason: Reasons = None,
    stage: Stages = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    place: Annotated[str | None, typer.Option(help="Only this one: partition/offset.")] = None,
    attempts_below: Annotated[int | None, typer.Option(min=1, help="Only what was refused fewer times.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent where, and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """
    Send the refused back, byte for byte: events to sqm.events.in.v1, anything else to the topic it came from.

    Mend the cause first, or they come back with one attempt more. Replay breaks the order in which they came: events
    of one journey may arrive after later ones, as late events do. Letters stay where they are, so replaying twice sends
    twice; events that are known already are recognised by source and id.
    """
    from services.cli.letterbox import destination, send_back  # noqa: PLC0415  (Kafka is loaded only when asked for)

    connection = _connection()
    choice = _choice(reason, stage, source, since, until, place, attempts_below)
    found: list[Found] = []
    asyncio.run(_each(connection, choice, found.append))
    unreadable = Counter(one.unreadable for one in found if one.unreadable)
    found = [one for one in found if not one.unreadable]
    aimed = [(destination(one.letter, connection), one) for one in found]
    chosen = [(topic, one) for topic, one in aimed if topic is not None]
    for topic, count in Counter(topic for topic, _ in chosen).most_common():
        sys.stdout.write(f"{count:>9}  to {topic}\n")
    for why, count in unreadable.most_common():
        sys.stdout.write(f"{count:>9}  cannot be read: {why}\n")
    if len(chosen) < len(found):
        sys.stdout.write(f"{len(found) - len(chosen):>9}  no events yet: `sqm load`, `sqm connector replay`\n")
    if dry_run or not chosen:
        sys.stdout.write(f"{'dry run: ' if dry_run else ''}nothing was sent\n")
        return
    sys.stderr.write("warning: replay breaks the order in which these events came\n")
    if not yes and sys.stdin.isatty():
        typer.confirm(f"send {len(chosen)} back?", abort=True)
    asyncio.run(send_back(connection, SystemClock(), chosen))
    sys.stdout.write(f"{len(chosen):>9}  sent and acknowledged\n")


def _reasons_there_are() -> str:
    """
    Say for which reasons letters were refused, for whoever asked for another one.
    """
    from services.cli.letterbox import Choice  # noqa: PLC0415  (Kafka is loaded only when asked for)

    known: set[str] = set()
    asyncio.run(_each(_connection(), Choice(), lambda found: known.add(found.letter.reason)))
    return f"there are letters with the reasons {', '.join(sorted(known))}" if known else "there are no letters at all"


async def _each(connection: "Connection", choice: "Choice", tell: "Callable[[Found], None]") -> None:
    from services.cli.identity_file import opened_identities_if_here  # noqa: PLC0415  (Kafka is loaded then)
    from services.cli.letterbox import letters  # noqa: PLC0415  (as above)

    with opened_identities_if_here(os.environ) as store:
        async for found in letters(connection, choice, store):
            tell(found)


def _connection() -> "Connection":
    from services.runtime.kafka.settings import ServiceSettings  # noqa: PLC0415  (as above)
    from services.runtime.settings import load_settings  # noqa: PLC0415  (as above)

    return load_settings(ServiceSettings, os.environ).kafka.connection()


def _choice(
    reason: list[str] | None,
    stage: list[str] | None,
    source: str | None,
    since: str | None,
    until: str | None,
    place: str | None = None,
    attempts_below: int | None = None,
) -> "Choice":
    from services.cli.letterbox import Choice  # noqa: PLC0415  (as above)

    known = get_args(DeadLetterHeaders.model_fields["stage"].annotation)
    wrong = next((name for name in stage or () if name not in known), None)
    if wrong is not None:
        raise Misconfigured(f"--stage {wrong[:40]!r} is none of {', '.join(known)}")
    now = SystemClock().now_ms()
    return Choice(
        reasons=tuple(reason or ()),
        stages=tuple(stage or ()),
        source=source,
        since=read_ago(since, now),
        until=read_ago(until, now),
        place=place,
        attempts_below=attempts_below,
    )


def _as_object(found: "Found") -> dict[str, object]:
    from services.cli.letterbox import source_of  # noqa: PLC0415  (as above)

    letter = found.letter
    told: dict[str, object] = {
        "place": found.place,
        "written_at": format_instant(found.written_at),
        "stage": letter.stage,
        "reason": letter.reason,
        "field": letter.field or None,
        "detail": letter.detail,
        "source": source_of(letter),
        "attempt": letter.attempt,
        "first_failed_at": format_instant(letter.first_failed_at),
        "bytes": len(letter.value or b""),
    }
    told["origin"] = found.origin
    told["unreadable"] = found.unreadable or None
    if letter.origin is not None:
        told["group"] = letter.origin.group
    return told


def _age(found: "Found") -> tuple[int, int, int]:
    return found.written_at, found.partition, found.offset


def _table(letters: Sequence["Found"]) -> Iterator[str]:
    """
    Write one line for each letter under a line of titles, each column as wide as its longest text.
    """
    from services.cli.letterbox import source_of  # noqa: PLC0415  (as above)

    rows: list[tuple[str, ...]] = [
        ("place", "refused at", "stage", "reason", "attempt", "source or origin", "field", "detail")
    ]
    for found in letters:
        letter = found.letter
        cells = (
            found.place,
            format_instant(found.written_at),
            letter.stage,
            letter.reason,
            str(letter.attempt),
            source_of(letter) or found.origin,
            letter.field,
            letter.detail,
        )
        rows.append(tuple(_text(cell.encode()) for cell in cells))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows if letters else ():
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _text(raw: bytes | None) -> str:
    """
    Write bytes for a terminal: text where it is text, control characters escaped, bounded.
    """
    if raw is None:
        return "(none)"
    shown = raw[:_SHOWN].decode(errors="backslashreplace")
    escaped = "".join(letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in shown)
    return escaped + (f" … {len(raw) - _SHOWN} bytes more" if len(raw) > _SHOWN else "")
