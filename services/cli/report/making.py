"""
Makes a report of what somebody wants to see: reads the options, chooses the words, puts the parts together.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.cli.history_options import chosen, read_span
from services.cli.instants import read_zone
from services.cli.languages import spoken
from services.cli.report.asking import Asking, Wish
from services.cli.report.attainment import attainment
from services.cli.report.complaints import complaints
from services.cli.report.paper import Report, Section, Table
from services.cli.report.periods import ALL, Period, read_period
from services.cli.report.scorecard import scorecard
from services.cli.report.violations import violations
from services.cli.report.waits import waits
from services.cli.report.wording import Words, load_words
from services.history.engine import By
from services.runtime.errors import Misconfigured
from services.runtime.version import product_version

__all__ = ["BEFORE", "MAKERS", "read_wish", "report_of", "words_for"]

BEFORE: Final = "before"
Maker = Callable[[Asking, Words, Wish], tuple[list[Section], dict[str, Table]]]
MAKERS: Final[dict[str, Maker]] = {
    "attainment": attainment, "waits": waits, "violations": violations, "complaints": complaints,
    "scorecard": scorecard,
}  # fmt: skip
"""What makes each report."""


def read_wish(asking: Asking, given: Mapping[str, Any], now_ms: int) -> Wish:
    """
    Read the options of a command. Raises Misconfigured.
    """
    zone = asking.zone if given["zone"] is None else read_zone(given["zone"])
    since, until, name = given["since"], given["until"], given["period"]
    if name is not None and (since is not None or until is not None):
        raise Misconfigured("--period with --from or --until: say one or the other")
    if since is not None or until is not None:
        period = Period("", *read_span(since, until), zone)
    else:
        period = read_period(name or ALL, zone, now_ms)
    against = None
    if given["against"] == BEFORE:
        against = period.before()
        if against is None:
            raise Misconfigured("--against before: nothing is before a period without a beginning; name a --period")
    elif given["against"] is not None:
        against = read_period(given["against"], zone, now_ms)
    by = tuple(By(one) for one in chosen(given["by"], [str(one) for one in By], "--by"))
    return Wish(period, by, against, tuple(given.get("standard") or ()), given.get("minimum_n"))


def words_for(language: str | None, wish: Wish, asking: Asking) -> Words:
    """
    Load the words of a language, or of that of the environment.
    """
    explained = spoken(language)
    return load_words(explained.language, explained, wish.period.zone, asking.sites)


def report_of(
    kind: str, words: Words, wish: Wish, now_ms: int, made: tuple[list[Section], Mapping[str, Table]]
) -> Report:
    """
    Put a report together; one without any part says so in words.
    """
    sections, tables = made
    facts = [(words("fact-period"), _named(words, wish.period)), (words("fact-zone"), wish.period.zone.key)]
    if wish.by:
        facts.append((words("fact-by"), words.titles(wish.by)))
    if wish.against is not None:
        facts.append((words("fact-against"), _named(words, wish.against)))
    if wish.minimum_n is not None:
        facts.append((words("fact-n"), str(wish.minimum_n)))
    facts.append((words("fact-made"), words("made", at=words.instant(now_ms), version=product_version())))
    nothing = [Section(words("nothing"), (words("nothing-says"),))]
    return Report(words("title", kind=kind), words.language, tuple(facts), tuple(sections or nothing), dict(tables))


def _named(words: Words, period: Period) -> str:
    span = words.span(period.from_ms, period.until_ms)
    if not period.name or period.name == ALL:
        return span
    return words("named-span", name=period.name, span=span)
