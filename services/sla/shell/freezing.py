"""
Freezes a calendar: what a draft imports is looked up once, and written down as exceptions by date and name.

From then on neither a new version of the library of holidays nor another content of a file changes what is published.
An exception that the owner wrote takes precedence over what is imported for the same day.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

from pydantic import ValidationError

from schemas.base import misfit
from schemas.calendars import Calendar, HolidayImport, IcsImport

__all__ = ["freeze", "passed_over"]

_LARGEST_FILE: Final = 4 * 1024 * 1024
_LONGEST_NAME: Final = 128
_MOST_DAYS: Final = 20_000
_EVERY: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_NAMED: Final = 8
_BY_HAND: Final = "write its days as exceptions"


def freeze(calendar: Calendar, folder: Path) -> Calendar:
    """
    Return the calendar with its imports written down; files are looked for beside the document, in `folder`.

    Raises pydantic's ValidationError, placed at the import that cannot be looked up.
    """
    if calendar.frozen:
        return calendar
    names: dict[date, list[str]] = {}
    for place, wanted in enumerate(calendar.import_holidays):
        for day, name in _holidays(wanted, ("Calendar", "import_holidays", place)):
            names.setdefault(day, []).append(name)
    for place, file in enumerate(calendar.import_ics):
        for day, name in _events(file, folder, ("Calendar", "import_ics", place)):
            names.setdefault(day, []).append(name)
    for one in calendar.exceptions:
        for number in range((one.last - one.first).days + 1):
            names.pop(one.first + timedelta(days=number), None)
    document = calendar.model_dump(mode="json", by_alias=True, exclude={"import_holidays", "import_ics"})
    document["exceptions"] += [
        {"date": day.isoformat(), "name": _name("; ".join(dict.fromkeys(said))), "closed": True}
        for day, said in names.items()
    ]
    document["exceptions"].sort(key=lambda one: one.get("date") or one["from"])
    return Calendar.model_validate(document)


def passed_over(calendar: Calendar, folder: Path) -> list[str]:
    """
    Say of each iCalendar file of a draft which events at a time of day it holds, in words for its owner.

    Whether such an event closes or opens, and whom, only people know; so it is told, and nobody guesses. The draft must
    be one that `freeze` takes.
    """
    said = []
    for place, wanted in enumerate(calendar.import_ics):
        component = _component(wanted, folder, ("Calendar", "import_ics", place))
        timed = [event for event in component.walk("VEVENT") if _is_timed(event, wanted)]
        if timed:
            first = timed[0]
            name, at = _name(str(first.get("SUMMARY", ""))) or "without a name", first["DTSTART"].dt
            said.append(
                f"{wanted.file}: {len(timed)} event(s) at a time of day are passed over, like {name!r} of "
                f"{at:%Y-%m-%d %H:%M}; where one changes the hours of a day, write an exception with these hours"
            )
    return said


def _fault(place: tuple[str | int, ...], value: object, problem: str) -> ValidationError:
    return misfit("Calendar", place, value, problem)


def _name(text: str) -> str:
    printable = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return printable if len(printable) <= _LONGEST_NAME else printable[: _LONGEST_NAME - 1] + "…"


def _holidays(wanted: HolidayImport, place: tuple[str | int, ...]) -> Iterator[tuple[date, str]]:
    import holidays  # noqa: PLC0415  (knows every country of the world, which takes a moment)

    known = holidays.list_supported_countries(include_aliases=False)
    if wanted.country not in known:
        raise _fault(
            (*place, "country"),
            wanted.country,
            f"no holidays are known of this country; correct its code, or {_BY_HAND}",
        )
    parts = known[wanted.country]
    if wanted.subdivision is not None and wanted.subdivision not in parts:
        problem = f"{wanted.country} has no holidays of such a part{_some_of(parts)}"
        raise _fault((*place, "subdivision"), wanted.subdivision, problem)
    of_country: Any = holidays.country_holidays(wanted.country, subdiv=wanted.subdivision)
    if wanted.category not in of_country.supported_categories:
        problem = f"{wanted.country} has no such category{_some_of(of_country.supported_categories)}"
        raise _fault((*place, "category"), wanted.category, problem)
    if wanted.language is not None and wanted.language not in of_country.supported_languages:
        problem = f"the holidays of {wanted.country} have no names in it{_some_of(of_country.supported_languages)}"
        raise _fault((*place, "language"), wanted.language, problem)
    found = holidays.country_holidays(
        wanted.country,
        subdiv=wanted.subdivision,
        years=range(wanted.years.begin, wanted.years.end + 1),
        # Said also where the country's own is meant: without it the language of the machine would decide.
        language=wanted.language or of_country.default_language,
        categories=(wanted.category,),
    )
    if not found:
        raise _fault((*place, "years"), wanted.years.begin, f"no holidays are known of these years; {_BY_HAND}")
    for day, name in found.items():
        if wanted.years.begin <= day.year <= wanted.years.end:
            yield day, name


def _some_of(names: Any) -> str:  # noqa: ANN401  (any collection of words)
    known = sorted(names)
    if not known:
        return "; leave it out"
    return f"; known: {', '.join(known[:_NAMED])}" + (" …" if len(known) > _NAMED else "")


def _events(wanted: IcsImport, folder: Path, place: tuple[str | int, ...]) -> Iterator[tuple[date, str]]:
    where = (*place, "file")
    component = _component(wanted, folder, place)
    try:
        yield from _days_of(component, wanted, where)
    except ValidationError:
        raise
    except ValueError as error:
        raise _unreadable(wanted, where, error) from error


def _component(wanted: IcsImport, folder: Path, place: tuple[str | int, ...]) -> Any:  # noqa: ANN401  (see _days_of)
    import icalendar  # noqa: PLC0415  (only a draft that names such a file needs it)

    file, where = folder / wanted.file, (*place, "file")
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise _fault(where, wanted.file, f"is larger than {_LARGEST_FILE // 1024 // 1024} MiB")
        return icalendar.Calendar.from_ical(file.read_bytes())
    except OSError as error:
        raise _fault(
            where, wanted.file, f"cannot be read ({error.strerror}); write its path beside the document"
        ) from error
    except ValidationError:
        raise
    except ValueError as error:
        raise _unreadable(wanted, where, error) from error


def _unreadable(wanted: IcsImport, where: tuple[str | int, ...], error: ValueError) -> ValidationError:
    return _fault(where, wanted.file, f"is no iCalendar file that can be read: {str(error)[:200]}")


def _days_of(component: Any, wanted: IcsImport, where: tuple[str | int, ...]) -> Iterator[tuple[date, str]]:  # noqa: ANN401  (what a component holds depends on the file)
    first, last = date(wanted.years.begin, 1, 1), date(wanted.years.end, 12, 31)
    events = [event for event in component.walk("VEVENT") if _is_all_day(event)]
    moved = {(str(event.get("UID")), event["RECURRENCE-ID"].dt) for event in events if "RECURRENCE-ID" in event}
    count = 0
    for event in events:
        length = _length(event)
        for begin in _begins(event, first - timedelta(days=length), last, where):
            if "RECURRENCE-ID" not in event and (str(event.get("UID")), begin) in moved:
                continue
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            for number in range(length):
                day = begin + timedelta(days=number)
                if first <= day <= last:
                    count += 1
                    if count > _MOST_DAYS:
                        raise _fault(where, wanted.file, f"has more than {_MOST_DAYS} closed days in these years")
                    yield day, _name(str(event.get("SUMMARY", ""))) or "closed"


def _is_all_day(event: Any) -> bool:  # noqa: ANN401  (see _days_of)
    return "DTSTART" in event and not isinstance(event["DTSTART"].dt, datetime)


def _is_timed(event: Any, wanted: IcsImport) -> bool:  # noqa: ANN401  (see _days_of)
    """
    Whether an event at a time of day falls, or may come again, in the years that are wanted.
    """
    if "DTSTART" not in event or _is_all_day(event) or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    year = event["DTSTART"].dt.year
    return bool(wanted.years.begin <= year <= wanted.years.end or ("RRULE" in event and year <= wanted.years.end))


def _length(event: Any) -> int:  # noqa: ANN401  (see _days_of)
    """
    How many days an event lasts; its end is the day after its last one.
    """
    if "DTEND" in event:
        return max(int((event["DTEND"].dt - event["DTSTART"].dt).days), 1)
    return max(int(event["DURATION"].dt.days), 1) if "DURATION" in event else 1


def _begins(event: Any, first: date, last: date, where: tuple[str | int, ...]) -> Iterator[date]:  # noqa: ANN401  (see _days_of)
    """
    The days on which an event begins: its own, those of its rules (RFC 5545), and others that are listed.
    """
    from dateutil.rrule import rrule, rruleset, rrulestr  # noqa: PLC0415  (see _events)

    begin: date = event["DTSTART"].dt
    rules = event.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    days = rruleset()
    days.rdate(_noon(begin))
    for rule in rules:
        often = str(rule.get("FREQ", [""])[0]).upper()
        if often not in _EVERY:
            raise _fault(where, often, f"has an all-day event that comes again {often.lower()}; known: {_EVERY}")
        days.rrule(cast("rrule", rrulestr(_in_days(rule), dtstart=_noon(begin))))
    for day in _listed(event.get("RDATE")):
        days.rdate(_noon(day))
    for day in _listed(event.get("EXDATE")):
        days.exdate(_noon(day))
    for found in days.between(_noon(first), _noon(last), inc=True):
        yield found.date()


def _in_days(rule: Any) -> str:  # noqa: ANN401  (see _days_of)
    """
    Write a rule with an end at noon like its days, whatever time of day it said.
    """
    parts = dict(rule)
    if "UNTIL" in parts:
        end = parts["UNTIL"][0]
        parts["UNTIL"] = [_noon(end.date() if isinstance(end, datetime) else end)]
    return str(type(rule)(parts).to_ical().decode())


def _listed(value: Any) -> Iterator[date]:  # noqa: ANN401  (see _days_of)
    for group in value if isinstance(value, list) else [value] if value is not None else []:
        for one in group.dts:
            if isinstance(one.dt, date):
                yield one.dt.date() if isinstance(one.dt, datetime) else one.dt


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  (a day of a calendar, in no zone)
