"""
The forms and bounds of values in words, where pydantic shows a pattern or speaks of Python.
"""

from collections.abc import Mapping
from typing import Any, Final

from schemas.alert_routes import RECURRENCE
from schemas.base import PRINTABLE, SITE, SLUG, SOURCE, URL, ZONE
from schemas.calendars import CLOSING_TIME, COUNTRY, DAY
from schemas.clocks import TIME_OF_DAY
from schemas.on_call import TARGET
from schemas.receivers import MAIL, NAMED
from schemas.register import REGION

__all__ = ["FORMS", "bound_in_words"]

FORMS: Final[dict[str, str]] = {
    SLUG: "must be small letters, digits, dots, hyphens and underscores; write it like branch-wait",
    SITE: "must be letters, digits, dots, hyphens and underscores; write it like branch-07",
    PRINTABLE: "must be one line without control characters; write it as people read it",
    SOURCE: "must be a URI or a path without spaces; write it like urn:tills:harbour",
    TIME_OF_DAY: "must be a time of day; write it with two digits each, like 09:30",
    CLOSING_TIME: "must be a time of day; write it with two digits each, like 17:30, or 24:00 for the end of the day",
    ZONE: "must be an IANA name; write it like Asia/Jerusalem or UTC",
    COUNTRY: "must be the ISO 3166 code of a country; write it like LV",
    REGION: "must be names from wide to narrow; write it like north/city/harbour",
    URL: "must be an address; write it like https://desk.example/hooks",
    MAIL: "must be one mail address; write it like floor@bank.example",
    NAMED: "must be the name of a secret, never the secret itself; write it like FLOOR_CHAT",
    RECURRENCE: "must be a rule of RFC 5545, hourly at the most often; write it like FREQ=WEEKLY;BYDAY=SU",
    TARGET: "must be person:, team:, schedule: or receiver: and an id; write it like schedule:floor",
    DAY: "must be a day; write year, month and day, like 2026-12-24",
}
"""The form of a text in words, and an example, where pydantic shows the pattern."""


def bound_in_words(kind: str, context: Mapping[str, Any]) -> str | None:
    """
    Say what a value out of bounds, or of another form, must be: of pydantic's kind of error, with its context. None
    where the kind is another one, or the form has no words.
    """
    match kind:
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "too_long":
            return f"has more than {context['max_length']} entries"
        case "string_too_long":
            return f"has more than {context['max_length']} characters"
        case "string_pattern_mismatch":
            return FORMS.get(context["pattern"])
        case _:
            return None
