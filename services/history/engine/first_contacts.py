"""
Asks history whether contacts settled what they were about, wherever the customer came back.

On the live line a site knows its own customers alone. History knows the events of all sites, so here a contact is good
only where its customer did not come back anywhere within the standard's time. Until that time has passed, by the last
event that history has, a contact is provisional and in no figure.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from schemas.base import to_millis
from schemas.conditions import Condition, Selector
from schemas.rates import Rate
from schemas.standards import Standard
from schemas.tables import EVENTS_TABLE
from services.history.engine.groups import By

__all__ = ["CONTACTS_BY", "Contacts", "Span", "contacts_of", "contacts_sql", "spans_of"]

_AT: Final = "toUnixTimestamp64Milli(occurred_at)"
_COLUMNS: Final = frozenset(column.name for column in EVENTS_TABLE.columns)
CONTACTS_BY: Final = {By.SITE: "site", By.QUEUE: "queue", By.HOUR: "intDiv(at, 3600000) * 3600000"}
"""What this may be split by; hours are those of UTC."""


class Span(NamedTuple):
    """
    A version of a standard, and the contacts that it judges: those of a time in which it was in force. Milliseconds;
    the end is not part of it, None is open.
    """

    standard: Standard
    rate: Rate
    from_ms: int
    until_ms: int | None


class Contacts(NamedTuple):
    """
    The contacts of one group: resolved, decided, still provisional, and of those that failed, how many first came back
    at another site.
    """

    standard: str
    version: int
    by: dict[str, str | int | None]
    good: int
    total: int
    provisional: int
    elsewhere: int
    as_of: int
    """The instant of the last event that history has."""


def spans_of(versions: Sequence[Standard], from_ms: int | None, until_ms: int | None) -> list[Span]:
    """
    Divide a span among the versions of a standard, which come in their order, as far as they count per customer.
    """
    found = []
    for place, standard in enumerate(versions):
        rate, meta = standard.rate, standard.metadata
        if rate is None or rate.within is None:
            continue
        ends = [to_millis(one.metadata.effective_from) for one in versions[place + 1 :]]
        ends += [to_millis(at) for at in (meta.effective_until,) if at is not None]
        ends += [at for at in (until_ms,) if at is not None]
        begin, end = max(to_millis(meta.effective_from), from_ms or 0), min(ends, default=None)
        if end is None or begin < end:
            found.append(Span(standard, rate, begin, end))
    return found


def contacts_sql(span: Span, by: Sequence[By] = ()) -> tuple[str, dict[str, str | int | None]]:
    """
    Return the SQL and its parameters; groups come in the order of their names.

    As on the live line the selector chooses contacts; whoever comes back may be anybody's customer. An event of the
    same instant is not held to come after.
    """
    said = _Said()
    contacts = [f"({said.any_of(span.rate.of)})", *said.covered(span.standard.applies_to)]
    contacts.append(f"{_AT} >= {said.number(span.from_ms)}")
    returns = [f"({said.any_of(span.rate.unless)})", f"{_AT} > {said.number(span.from_ms)}"]
    within = said.number(span.rate.within or 0)
    if span.until_ms is not None:
        contacts.append(f"{_AT} < {said.number(span.until_ms)}")
        returns.append(f"{_AT} < {said.number(span.until_ms)} + {within}")
    keys = {f"by_{one}": CONTACTS_BY[one] for one in by}
    groups = f"GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else "HAVING count() > 0"
    sql = (
        "WITH (SELECT max(toUnixTimestamp64Milli(occurred_at)) FROM events) AS latest, "  # noqa: S608  (of constants; values are parameters)
        f"back_at > 0 AND back_at <= at + {within} AS is_back, NOT is_back AND at + {within} < latest AS is_settled "
        f"SELECT {''.join(f'{key} AS {name}, ' for name, key in keys.items())}"
        "countIf(is_settled) AS good, countIf(is_settled OR is_back) AS total, "
        "countIf(NOT is_settled AND NOT is_back) AS provisional, countIf(is_back AND back_site != site) AS elsewhere, "
        "any(latest) AS as_of FROM ("
        "SELECT c.site AS site, c.queue AS queue, c.at AS at, r.at AS back_at, r.site AS back_site FROM "
        f"(SELECT assumeNotNull(customer) AS who, site, queue, {_AT} AS at FROM standing_events "
        f"WHERE customer IS NOT NULL AND {' AND '.join(contacts)}) AS c ASOF LEFT JOIN "
        f"(SELECT assumeNotNull(customer) AS who, site, {_AT} AS at FROM standing_events "
        f"WHERE customer IS NOT NULL AND {' AND '.join(returns)}) AS r ON c.who = r.who AND c.at < r.at"
        f") {groups}"
    )
    return sql, said.parameters


def contacts_of(span: Span, by: Sequence[By], row: Mapping[str, Any]) -> Contacts:
    """
    Read a row that the SQL gave.
    """
    meta = span.standard.metadata
    groups = {str(one): row[f"by_{one}"] for one in by}
    numbers = (int(row[name]) for name in ("good", "total", "provisional", "elsewhere", "as_of"))
    return Contacts(meta.id, meta.version, groups, *numbers)


class _Said:
    """
    Conditions in SQL; what a document says stands in their parameters.
    """

    def __init__(self) -> None:
        self.parameters: dict[str, str | int | None] = {}

    def number(self, value: int) -> str:
        return self._named(value, "Int64")

    def any_of(self, conditions: Sequence[Condition]) -> str:
        """
        Whether an event is one of those.
        """
        return " OR ".join(f"({self._is(one)})" for one in conditions)

    def covered(self, selector: Selector) -> list[str]:
        """
        Whether a selector covers an event.
        """
        named = ((name, getattr(selector, name)) for name in type(selector).model_fields)
        return [
            f"({' OR '.join(f'ifNull({name} LIKE {self._text(_like(glob))}, false)' for glob in globs)})"
            for name, globs in named
            if globs is not None
        ]

    def _is(self, condition: Condition) -> str:
        said = [f"type = {self._text(condition.event)}"]
        where = condition.where
        for name in () if where is None else type(where).model_fields:
            values = getattr(where, name)
            if isinstance(values, bool):
                # What a message does not say is false, as the engine reads it.
                said.append(f"JSONExtractBool(raw, 'data', '{name}') = {str(values).lower()}")
            elif values is not None:
                fact = name if name in _COLUMNS else f"JSONExtractString(raw, 'data', '{name}')"
                said.append(f"ifNull({fact} IN ({', '.join(map(self._text, values))}), false)")
        return " AND ".join(said)

    def _text(self, value: str) -> str:
        return self._named(value, "String")

    def _named(self, value: str | int, kind: str) -> str:
        name = f"v{len(self.parameters)}"
        self.parameters[name] = value
        return f"{{{name}:{kind}}}"


def _like(glob: str) -> str:
    escaped = "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in glob)
    return escaped.replace("*", "%").replace("?", "_")
