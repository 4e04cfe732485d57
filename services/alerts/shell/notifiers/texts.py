"""
Writes the texts of a message: by templates that are shipped, or by those that a user put in their place.

A file `title.j2`, `short.j2`, `long.j2` or `html.j2` in the user's folder replaces the shipped one; `title.ru.j2` does
so for one language. They are Jinja templates in its sandbox, and say the words of the catalogue by `word(key, …)`.
Whoever writes one is trusted with the text of messages and with nothing else. One that does not work is named, and the
shipped one stands in: no alert is lost over a comma.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined, Template, TemplateError, TemplateSyntaxError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.wording import Catalogue, Voice
from schemas.alerts import Alert, Notification
from services.alerts.shell.notifiers.harmless import one_line, some_lines
from services.alerts.shell.notifiers.message import Particulars, Texts
from services.alerts.shell.notifiers.views import view_of

__all__ = ["LISTED", "PARTS", "TextWriter"]

PARTS: Final = ("title", "short", "long", "html")
LISTED: Final = 10
"""How many alerts a text tells of one by one; the rest is counted."""
_TITLE: Final = 200
_SHORT: Final = 1_000
_LONGEST: Final = 60_000
_FAULT: Final = 300
_SHIPPED: Final = "services.alerts.shell.notifiers"
_FAILURES: Final = (
    TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError, MemoryError,
)  # fmt: skip
"""What the code of a template can raise: an expression in it may be anything."""


class TextWriter:
    """
    Holds the templates; made again when the user's folder changes. ``faults`` names what could not be read in it.
    """

    def __init__(self, catalogues: Mapping[str, Catalogue], folder: Path | None = None) -> None:
        self._catalogues = catalogues
        # HTML is escaped always, the others never: they are text.
        trusted = Environment(undefined=StrictUndefined, autoescape=select_autoescape(("html",)))
        self._sandbox = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, autoescape=select_autoescape(("html",))
        )
        shipped = files(_SHIPPED).joinpath("templates")
        self._shipped = {
            part: _compiled(trusted, shipped.joinpath(f"{part}.j2").read_text(encoding="utf-8"), part, f"{part}.j2")
            for part in PARTS
        }
        self.faults: list[str] = []
        self._own: dict[str, Template] = {}
        for path in sorted(folder.glob("*.j2")) if folder else ():
            self._take(path)

    def write(
        self,
        notification: Notification,
        alerts: Sequence[Alert],
        particulars: Mapping[str, Particulars],
        acknowledge: Mapping[str, str],
        zone: tzinfo = UTC,
    ) -> Texts:
        """
        Write the texts of a notification about these alerts, with times in a zone.
        """
        catalogue = self._catalogues[notification.language]
        voice = Voice(catalogue, zone)
        total = max(len(alerts), len(notification.alerts) + notification.more)
        given: dict[str, object] = {
            "status": notification.status,
            "reason": notification.reason,
            "told": voice.word("alert-told", reason=notification.reason),
            "alerts": [
                view_of(
                    alert, particulars.get(alert.key, Particulars()), acknowledge.get(alert.key), catalogue, zone,
                    notification.at,
                )
                for alert in alerts[:LISTED]
            ],
            "total": total,
            "more": total - min(len(alerts), LISTED),
            "held_back": notification.held_back,
            "step": notification.step,
            "zone": str(zone),
            "language": notification.language,
            "word": voice.word,
        }  # fmt: skip
        faults: list[str] = []
        title = one_line(self._say("title", given, notification, faults), _TITLE)
        given["title"] = title
        return Texts(
            title=title,
            short=some_lines(self._say("short", given, notification, faults), _SHORT),
            long=self._say("long", given, notification, faults),
            html=self._say("html", given, notification, faults),
            faults=tuple(faults),
        )

    def _say(self, part: str, given: Mapping[str, object], notification: Notification, faults: list[str]) -> str:
        own = self._own.get(f"{part}.{notification.language}") or self._own.get(part)
        if own is not None:
            try:
                if said := _bounded(own.generate(given)).strip():
                    return said
                faults.append(f"{own.filename}: says nothing")
            except _FAILURES as error:
                faults.append(one_line(f"{own.filename}: {type(error).__name__}: {error}", _FAULT))
        # What is listed in it is bounded.
        return self._shipped[part].render(given)[:_LONGEST].strip()

    def _take(self, path: Path) -> None:
        """
        Read one of the user's templates, or name what is wrong with it.
        """
        part, _, language = path.name.removesuffix(".j2").partition(".")
        if part not in PARTS or (language and language not in self._catalogues):
            wanted = f"{', '.join(PARTS)}, each also with a language, like title.{next(iter(self._catalogues))}.j2"
            self.faults.append(f"{path}: is read by nobody; there are {wanted}")
            return
        try:
            text = path.read_text(encoding="utf-8")
            self._own[path.name.removesuffix(".j2")] = _compiled(self._sandbox, text, part, str(path))
        except TemplateSyntaxError as error:
            self.faults.append(f"{path}:{error.lineno}: {error.message}")
        except (OSError, ValueError) as error:
            self.faults.append(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}")


def _compiled(environment: Environment, text: str, part: str, filename: str) -> Template:
    code = environment.compile(text, name=f"message.{part}", filename=filename)
    return Template.from_code(environment, code, environment.make_globals(None))


def _bounded(pieces: Iterator[str]) -> str:
    """
    Put a text together, up to a length that every channel can take: a loop in a template may have no end.
    """
    whole: list[str] = []
    length = 0
    for piece in pieces:
        whole.append(piece[: _LONGEST - length])
        length += len(whole[-1])
        if length >= _LONGEST:
            break
    return "".join(whole)
