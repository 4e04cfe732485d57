"""
What a figure of history may be split by: where, when and whom.

Times are told in the zone of the question; a journey belongs to the hour, day, week or month in which it arrived.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

__all__ = ["By", "group_sql", "groups_of", "of_single_journeys"]


class By(StrEnum):
    """
    What a figure may be split by.
    """

    SITE = "site"
    REGION = "region"
    """Where the register of sites puts the site now; none where it does not say."""
    QUEUE = "queue"
    HOUR = "hour"
    """The hour of one day, by its first instant in milliseconds."""
    CLOCK_HOUR = "clock_hour"
    """The hour that clocks showed, 0 to 23, of all days together."""
    DAY = "day"
    WEEKDAY = "weekday"
    """1 is Monday."""
    WEEK = "week"
    """By ISO 8601: 2026-W01."""
    MONTH = "month"
    CHANNEL = "channel"
    SERVICE = "service"
    SEGMENT = "segment"
    PRIORITY = "priority"
    TEAM = "team"
    EMPLOYEE = "employee"


_FACTS: Final = (By.CHANNEL, By.SERVICE, By.SEGMENT, By.PRIORITY, By.TEAM, By.EMPLOYEE)
"""What single journeys say and a row of a minute does not."""
_REGION: Final = (
    "nullIf((SELECT mapFromArrays(groupArray(id), groupArray(region)) FROM (SELECT id, "
    "JSONExtractString(raw, 'document', 'metadata', 'region') AS region "
    "FROM standards FINAL WHERE kind = 'Site' ORDER BY recorded_at DESC, topic_offset DESC LIMIT 1 BY id))"
    "[toString(site)], '')"
)
_TIMES: Final = {
    By.HOUR: "toUnixTimestamp(toStartOfHour({at}, {{zone:String}})) * 1000",
    By.CLOCK_HOUR: "toHour({at}, {{zone:String}})",
    By.DAY: "toString(toDate({at}, {{zone:String}}))",
    By.WEEKDAY: "toDayOfWeek({at}, 0, {{zone:String}})",
    By.WEEK: "formatDateTime({at}, '%G-W%V', {{zone:String}})",
    By.MONTH: "formatDateTime({at}, '%Y-%m', {{zone:String}})",
}


def of_single_journeys(by: Sequence[By]) -> list[By]:
    """
    Return those that only single journeys say, and no sum.
    """
    return [one for one in by if one in _FACTS]


def group_sql(by: Sequence[By], zone: str, at: str) -> tuple[dict[str, str], dict[str, str]]:
    """
    Return the expression of each group by its column (`by_site` …), and the parameters that they need; `at` is the
    column of the instant.
    """
    said = {
        f"by_{one}": _TIMES[one].format(at=at) if one in _TIMES else _REGION if one is By.REGION else str(one)
        for one in by
    }
    return said, {"zone": zone} if any(one in _TIMES for one in by) else {}


def groups_of(by: Sequence[By], row: Mapping[str, Any]) -> dict[str, str | int | None]:
    """
    Return what a row that the SQL gave is of: the value of each group by its name.
    """
    return {str(one): row[f"by_{one}"] for one in by}
