"""
Maps of the week: a row for each weekday, a column for each hour of the day, coloured by a figure.
"""

from collections.abc import Sequence
from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels
from dashboards.fields import Column, Frame
from dashboards.queries import table

__all__ = ["week_map"]

_HOURS: Final = range(24)


def week_map(frame: Frame, figure: str, rows: str, steps: Sequence[tuple[float, str]]) -> model.Panel:
    """
    `figure` is a column of ``rows``, which have the columns `weekday` (1 is Monday) and `day_hour` too; `steps` say
    from which figure on a field has which colour. Hours in which nobody came have none.
    """
    days = "['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']"
    hours = ", ".join(f'round(anyIf({figure}, day_hour = {at}), 0) AS "{at:02}"' for at in _HOURS)
    return panels.grid(
        frame,
        [
            table(
                f"""
                SELECT arrayElement({days}, weekday) AS "Weekday", {hours}
                FROM {rows}
                GROUP BY weekday ORDER BY weekday
                """
            )
        ],
        {"Weekday": Column(width=95)}
        | {f"{at:02}": Column(units.Number, 0, 48, steps=((None, "transparent"), *steps)) for at in _HOURS},
        units.Number,
        empty=" ",
    )
