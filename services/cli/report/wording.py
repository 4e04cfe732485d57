"""
Says what stands in a report in the reader's language: words, figures, shares, times, days and groups.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.catalogue import CATALOGUE
from domain.statistics import Interval
from domain.wording import LANGUAGES, Voice
from schemas.base import from_millis
from schemas.standards import Standard
from services.cli.figure_words import in_shown_unit, shown
from services.cli.standard_words import in_words
from services.history.engine import By
from services.runtime.catalogues import FluentCatalogue, load_catalogue

__all__ = ["DASH", "Words", "load_words"]

DASH: Final = "–"
_PACKAGE: Final = "services.cli.report.words"
_COMMA: Final = frozenset({"ru", "lv"})
_MINUTE: Final = 16
_SECONDS: Final = 1_000
_LONGEST: Final = 60
"""Letters of a name in a sentence."""
_LONGEST_OF_SEVERAL: Final = 18


def load_words(language: str, spoken: FluentCatalogue, zone: ZoneInfo, titles: Mapping[str, str]) -> "Words":
    """
    Read the words of a language; `spoken` are those of explanations, `titles` those of sites by their ids.
    """
    return Words(load_catalogue(_PACKAGE, language if language in LANGUAGES else "en"), spoken, zone, titles)


class Words:
    """
    One language and one time zone.
    """

    def __init__(
        self, catalogue: FluentCatalogue, spoken: FluentCatalogue, zone: ZoneInfo, titles: Mapping[str, str]
    ) -> None:
        self._catalogue = catalogue
        self._voice = Voice(spoken, zone)
        self._titles = titles
        self.zone = zone
        self.spoken = spoken
        """The words of explanations."""
        self.language = catalogue.language

    def __call__(self, key: str, **given: str | int) -> str:
        return self._catalogue.say(f"report-{key}", given)

    def count(self, number: int) -> str:
        """
        Write a number with its thousands apart.
        """
        text = f"{number:,}"
        return text.replace(",", "\u00a0") if self.language in _COMMA else text

    def local(self, text: str) -> str:
        """
        Write the decimals of a figure as the language does.
        """
        return text.replace(".", ",") if self.language in _COMMA else text

    def share(self, value: float, places: int = 1) -> str:
        return self.local(f"{value:.{places}%}")

    def figure(self, metric: str, good: int, total: int) -> str:
        """
        Write a figure of a metric as everywhere in the product.
        """
        if total and CATALOGUE[metric].unit == "milliseconds":
            return self.duration(good // total)
        return self.local(shown(metric, good, total))

    def likely(self, metric: str, interval: Interval | None) -> str:
        """
        Write where a figure likely lies, without its name.
        """
        if interval is None:
            return DASH
        low, high = in_shown_unit(metric, interval)
        if CATALOGUE[metric].unit == "share":
            return self.local(f"{100 * low:.1f}{DASH}{100 * high:.1f}%")
        return self.local(f"{low:.2f} … {high:.2f}")

    def duration(self, millis: int | None) -> str:
        return DASH if millis is None else self._voice.length(millis)

    def instant(self, millis: int) -> str:
        """
        Write a day and a time to the minute.
        """
        return from_millis(millis).astimezone(self.zone).isoformat(" ")[:_MINUTE]

    def day(self, millis: int) -> str:
        return self._voice.day(millis)

    def metric(self, name: str) -> str:
        return self("metric", name=name)

    def target(self, standard: Standard) -> str:
        """
        Write what a standard should reach.
        """
        aim = standard.objective
        better = CATALOGUE[aim.metric].better
        text = aim.target
        if CATALOGUE[aim.metric].unit == "milliseconds":
            text = self.duration(aim.target_value)
        return self("target", better=better, target=self.local(text))

    def demands(self, standard: Standard | None) -> tuple[str, ...]:
        """
        Say what a standard demands, in its own words, as they stand beneath its title; None: nobody knows.
        """
        if standard is None:
            return (self("state-says", state="unknown"),)
        first, *more = in_words(standard, self.language)
        return (first.removeprefix(f"{standard.metadata.title}: "), *more)

    def title(self, by: By) -> str:
        """
        Name what figures are split by.
        """
        return self("by", by=str(by))

    def titles(self, by: Iterable[By]) -> str:
        """
        Name what figures are split by, in a sentence.
        """
        return ", ".join(self.title(one).lower() for one in by)

    def group(self, by: Mapping[str, str | int | None]) -> tuple[str, ...]:
        """
        Write the values that a group shares, one for each thing that it is split by.
        """
        return tuple(self._value(name, value) for name, value in by.items())

    def group_name(self, by: Mapping[str, str | int | None]) -> str:
        """
        Name a group in one text; an axis cuts it where its room ends.
        """
        return " · ".join(self.group(by))

    @staticmethod
    def brief(names: Iterable[str]) -> str:
        """
        Write names one after the other, each cut off where it is too long.
        """
        held = list(names)
        most = _LONGEST if len(held) == 1 else _LONGEST_OF_SEVERAL
        return " · ".join(_cut(one, most) for one in held)

    def site(self, ident: str) -> str:
        """
        Name a site by its title, with its id where that is not the same.
        """
        title = self._titles.get(ident, ident)
        return ident if title == ident else f"{title} ({ident})"

    def weekday(self, number: int) -> str:
        return self("weekday", day=number)

    def _value(self, name: str, value: str | int | None) -> str:
        if value is None or value == "":
            return self("not-said")
        match name:
            case By.SITE:
                return self.site(str(value))
            case By.WEEKDAY:
                return self.weekday(int(value))
            case By.CLOCK_HOUR:
                return f"{int(value):02}:00"
            case By.HOUR:
                return self.instant(int(value))
            case _:
                return str(value)

    def span(self, from_ms: int | None, until_ms: int | None) -> str:
        """
        Say from which day to which, the last one included; of parts of days the instants.
        """
        if from_ms is None or until_ms is None:
            return self("span-open")
        ends = [from_millis(at).astimezone(self.zone) for at in (from_ms, until_ms)]
        if any(one.time().replace(tzinfo=None).isoformat() != "00:00:00" for one in ends):
            return self("span", begin=self.instant(from_ms), end=self.instant(until_ms))
        last: date = ends[1].date() - timedelta(days=1)
        if last == ends[0].date():
            return self.day(from_ms)
        return self("span", begin=self.day(from_ms), end=self.day(until_ms - _SECONDS))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
