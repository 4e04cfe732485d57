"""
The rules of the lint by name: how grave a finding is, why the rule exists, and what to do about it.

A document that breaks a rule can be read and published; it does not do what its owner believes. What cannot even be
read is a finding as well, of the rule `not_valid`.
"""

from enum import StrEnum
from typing import Final, NamedTuple


class Severity(StrEnum):
    """
    Whether a document does not work as it is written, or may well be meant like that.
    """

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """
    What is wrong with a document.
    """

    NOT_VALID = "not_valid"
    NEVER_FAILS = "never_fails"
    NEVER_HOLDS = "never_holds"
    NO_BUDGET = "no_budget"
    WINDOW_TOO_SHORT = "window_too_short"
    WINDOW_OUTLIVES_TOPIC = "window_outlives_topic"
    WINDOW_OUTLIVES_HISTORY = "window_outlives_history"
    BURN_NEARLY_IMPOSSIBLE = "burn_nearly_impossible"
    MEASURED_TWICE = "measured_twice"
    GLOBS_UNDECIDED = "globs_undecided"
    SELECTS_NO_SITE = "selects_no_site"
    CHANNEL_MISSPELT = "channel_misspelt"
    ENDS_AS_IT_BEGINS = "ends_as_it_begins"
    ROW_NEVER_FITS = "row_never_fits"
    ROW_SWALLOWED = "row_swallowed"
    DAY_PART_UNUSED = "day_part_unused"
    UNKNOWN_CALENDAR = "unknown_calendar"
    SITE_WITHOUT_CALENDAR = "site_without_calendar"
    CALENDAR_NOT_IN_FORCE = "calendar_not_in_force"
    LIMIT_BEYOND_CALENDAR = "limit_beyond_calendar"
    LIMIT_TAKES_YEARS = "limit_takes_years"
    VERSION_NEVER_IN_FORCE = "version_never_in_force"
    VERSIONS_OUT_OF_ORDER = "versions_out_of_order"
    VERSIONS_OVERLAP = "versions_overlap"
    VERSIONS_LEAVE_GAP = "versions_leave_gap"
    ONLY_REWORDS = "only_rewords"
    MEANING_CHANGED = "meaning_changed"
    RETROACTIVE = "retroactive"
    RETIRES_UNKNOWN = "retires_unknown"
    RETIRES_NOTHING = "retires_nothing"
    SELECTS_NOBODY = "selects_nobody"
    NEVER_BEGINS = "never_begins"
    NEVER_ENDS = "never_ends"
    EVENT_NOT_SEEN = "event_not_seen"
    VALUE_NOT_SEEN = "value_not_seen"
    MINIMUM_N_OUT_OF_REACH = "minimum_n_out_of_reach"
    BURN_OUT_OF_REACH = "burn_out_of_reach"


class Reason(NamedTuple):
    """
    What is said about a rule.
    """

    severity: Severity
    why: str
    fix: str
    of_sample: bool = False
    """Whether it needs a sample of events."""


_E, _W = Severity.ERROR, Severity.WARNING
RULES: Final[dict[Rule, Reason]] = {
    Rule.NOT_VALID: Reason(
        _E, "The document cannot be read, so nothing of it would be in force.", "mend the field that the finding names"
    ),
    Rule.NEVER_FAILS: Reason(
        _E, "An objective that nothing can miss looks like control and is none.", "set a target that can be missed"
    ),
    Rule.NEVER_HOLDS: Reason(
        _E, "An objective that nothing can reach is always red, and soon nobody looks.", "set a target within reach"
    ),
    Rule.NO_BUDGET: Reason(
        _W,
        "A target that allows nothing to go wrong is missed by the first journey and leaves no error budget.",
        "allow a small share to go wrong, like 99.5%",
    ),
    Rule.WINDOW_TOO_SHORT: Reason(
        _E,
        "A journey counts when it arrived: one that is decided only after the window has passed is never in a figure.",
        "write a window of several times as long",
    ),
    Rule.WINDOW_OUTLIVES_TOPIC: Reason(
        _W,
        "A window that reaches back further than outcomes stay on their topics cannot be filled again from them.",
        "shorten the window, or keep the topics longer and read longer windows from history",
    ),
    Rule.WINDOW_OUTLIVES_HISTORY: Reason(
        _E, "A window that is longer than history keeps its sums is never whole.", "shorten the window"
    ),
    Rule.BURN_NEARLY_IMPOSSIBLE: Reason(
        _W,
        "The burn rate is never above 1/(1 - target), so a condition near it waits until nearly everything is bad.",
        "lower share_of_budget, lengthen the long window, or write `burn_alerts: auto`",
    ),
    Rule.MEASURED_TWICE: Reason(
        _W,
        "Two standards that measure the same thing of the same journeys accuse the same people twice.",
        "narrow one selector, or make one standard with a table of limits",
    ),
    Rule.GLOBS_UNDECIDED: Reason(
        _W,
        "Whether globs with so many stars overlap cannot be decided within reason, so nothing is claimed of them.",
        "write fewer globs, with fewer stars",
    ),
    Rule.SELECTS_NO_SITE: Reason(
        _E,
        "A selector that matches no site that is registered beside it covers nobody.",
        "correct the id, or register the site",
    ),
    Rule.CHANNEL_MISSPELT: Reason(
        _W,
        "A channel that is nearly one of the usual words, and is none of them, is probably misspelt and fits nobody.",
        "write the usual word, or lint beside a sample of events that has yours",
    ),
    Rule.ENDS_AS_IT_BEGINS: Reason(
        _W,
        "A clock that ends with the event that begins it, and does not repeat, measures only from the first of them to "
        "the second.",
        "write `repeats: true`, or another stop",
    ),
    Rule.ROW_NEVER_FITS: Reason(
        _E,
        "A row of the table of limits for journeys that the selector leaves out never holds.",
        "widen the selector, or remove the row",
    ),
    Rule.ROW_SWALLOWED: Reason(
        _E,
        "The first row that fits holds, so a row behind a wider one never does.",
        "put the narrower row before the wider one",
    ),
    Rule.DAY_PART_UNUSED: Reason(
        _W, "A part of the day that no row names changes no limit.", "name it in a row, or remove it"
    ),
    Rule.UNKNOWN_CALENDAR: Reason(
        _E,
        "Without its calendar a clock cannot count, and its journeys are not judged.",
        "correct the id, or lint the calendar in the same call",
    ),
    Rule.SITE_WITHOUT_CALENDAR: Reason(
        _E,
        "A clock in the hours of the site cannot count where the site has no calendar.",
        "give the site a calendar, or leave it out of the selector",
    ),
    Rule.CALENDAR_NOT_IN_FORCE: Reason(
        _E,
        "A journey that arrives while no version of the calendar is in force is not judged.",
        "let a version of the calendar begin no later than the standard, and follow without a gap",
    ),
    Rule.LIMIT_BEYOND_CALENDAR: Reason(
        _E,
        "A limit that is longer than all open time to come is never reached, so nobody is ever late.",
        "open the calendar, or shorten the limit",
    ),
    Rule.LIMIT_TAKES_YEARS: Reason(
        _W,
        "Only open time counts: a short calendar turns a limit into a promise for the year after next.",
        "shorten the limit, or write it in business days",
    ),
    Rule.VERSION_NEVER_IN_FORCE: Reason(
        _E,
        "Of two versions that begin at the same instant the greater holds, and the other never does.",
        "let the next version begin later, or remove this one",
    ),
    Rule.VERSIONS_OUT_OF_ORDER: Reason(
        _E,
        "The version that began last holds, so a greater one that begins earlier gives way to an older text.",
        "let greater versions begin later",
    ),
    Rule.VERSIONS_OVERLAP: Reason(
        _W,
        "A version ends where the next one begins, not where it says itself.",
        "let effective_until be the beginning of the next version, or leave it out",
    ),
    Rule.VERSIONS_LEAVE_GAP: Reason(
        _W,
        "Journeys that arrive between two versions are judged by neither.",
        "leave effective_until out, or let the next version begin there",
    ),
    Rule.ONLY_REWORDS: Reason(
        _E,
        "Other words are a revision; a version that changes nothing splits the figures for no reason.",
        "keep the version and publish the new words as its revision",
    ),
    Rule.MEANING_CHANGED: Reason(
        _E,
        "A version that is published keeps its meaning for ever; another meaning under it is ignored.",
        "give the new meaning the next version",
    ),
    Rule.RETROACTIVE: Reason(
        _W,
        "A version that begins in the past judges journeys by a promise that nobody had made yet.",
        "let it begin a minute after it is published, or later",
    ),
    Rule.RETIRES_UNKNOWN: Reason(
        _E, "A retirement of a standard that does not exist ends nothing.", "correct the id"
    ),
    Rule.RETIRES_NOTHING: Reason(
        _E,
        "A retirement ends the versions that began before it; where none did, it ends nothing.",
        "retire it later, or do not publish the standard",
    ),
    Rule.SELECTS_NOBODY: Reason(
        _E, "A selector that no journey of the sample fits covers nobody.", "correct the values", of_sample=True
    ),
    Rule.NEVER_BEGINS: Reason(
        _E,
        "Where no event of the sample begins what is measured, or is counted at all, nothing ever is.",
        "begin with an event that the sources send, or connect the source that sends it",
        of_sample=True,
    ),
    Rule.NEVER_ENDS: Reason(
        _E,
        "Where no event of the sample ends what is measured, every journey breaks the promise.",
        "end with an event that the sources send, or connect the source that sends it",
        of_sample=True,
    ),
    Rule.EVENT_NOT_SEEN: Reason(
        _W,
        "A condition that no event of the sample meets may be misspelt, or belong to a source that is missing.",
        "correct it, or take a longer sample",
        of_sample=True,
    ),
    Rule.VALUE_NOT_SEEN: Reason(
        _W,
        "A queue, channel, service, segment or step that the sample does not have may be misspelt.",
        "correct it, or take a longer sample",
        of_sample=True,
    ),
    Rule.MINIMUM_N_OUT_OF_REACH: Reason(
        _W,
        "With fewer journeys than minimum_n a figure says nothing, and the sample never has as many in a window.",
        "lower minimum_n, or lengthen the window",
        of_sample=True,
    ),
    Rule.BURN_OUT_OF_REACH: Reason(
        _W,
        "A burn condition that wants more bad journeys than its long window ever has of any kind never fires.",
        "lower minimum_bad, or lengthen the long window",
        of_sample=True,
    ),
}  # fmt: skip
"""Every rule with what is said about it."""

__all__ = ["RULES", "Reason", "Rule", "Severity"]
