"""
Maps of the week: a field for each hour of a weekday, coloured by its class.
"""

from collections.abc import Callable, Sequence
from typing import Final

from services.cli.report import canvas, charts
from services.cli.report.canvas import Spec
from services.cli.report.judging import Judged, State
from services.cli.report.wording import Words
from services.history.engine import By

__all__ = ["HEAT", "field_of", "heat", "hour_of"]

HEAT: Final = ("c0", "c1", "c2", "c3", "c4")
"""Classes of fields, the best first; a field of too few has none of them."""
_FEW: Final = "few"


def heat(
    words: Words,
    held: Sequence[Judged],
    names: Sequence[str],
    class_of: Callable[[Judged], str],
    text_of: Callable[[Judged], str],
) -> dict[str, Spec]:
    """
    Draw figures by weekday and hour; `names` are those of the classes, and the text is what stands in a field.
    """
    kinds = {name: (said, colour) for name, said, colour in zip(HEAT, names, canvas.RAMP, strict=True)}
    kinds[_FEW] = (words("heat-few"), canvas.FEW)
    fields = [
        charts.Field(str(hour), str(day), _FEW if one.state is State.FEW else class_of(one), text_of(one))
        for one in held
        for day, hour in [field_of(one)]
    ]
    days, hours = ([place[at] for place in map(field_of, held)] for at in (0, 1))
    # Hours between others are there even if nothing was counted in them.
    columns = {str(hour): f"{hour}" for hour in range(min(hours), max(hours) + 1)}
    rows = {str(day): words("weekday-short", day=day) for day in range(min(days), max(days) + 1)}
    return charts.heat(fields, columns, rows, kinds)


def hour_of(words: Words, one: Judged) -> str:
    """
    Name the field of a figure in a sentence.
    """
    day, hour = field_of(one)
    return f"{words.weekday(day)} {hour:02}:00"


def field_of(one: Judged) -> tuple[int, int]:
    """
    The weekday and the hour of a figure.
    """
    by = dict(one.by)
    return int(by[By.WEEKDAY] or 0), int(by[By.CLOCK_HOUR] or 0)
