"""
Draws charts as SVG that stands in the page and takes its colours from there.
"""

import re
from html import escape
from typing import Final

from services.cli.report.canvas import PALETTE
from services.cli.report.paper import Chart

__all__ = ["drawn_chart"]

_TAG: Final = re.compile(r"<[^>]*>")
_COLOUR: Final = re.compile("|".join(PALETTE))
_FONT: Final = re.compile(r' font-family="[^"]*"')
_OPENING: Final = re.compile(r"<svg [^>]*>")
_SIZE: Final = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def drawn_chart(chart: Chart, ident: str) -> dict[str, str]:
    """
    Draw a chart in each of its widths; the SVG names itself by its title and by what it shows in words.
    """
    import vl_convert  # noqa: PLC0415  (it holds a whole JavaScript engine)

    drawn = {}
    for width, spec in chart.specs.items():
        # No address may be opened while drawing, whatever stands in the data.
        svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], show_warnings=False)
        drawn[width] = _in_page(svg, chart, f"{ident}-{width}")
    return drawn


def _in_page(svg: str, chart: Chart, ident: str) -> str:
    opening = _OPENING.search(svg)
    size = _SIZE.search(svg)
    if opening is None or size is None:
        problem = "the drawing library returned no SVG"
        raise LookupError(problem)
    width, height = size.groups()
    body = _TAG.sub(lambda tag: _themed(tag[0]), svg[opening.end() :])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{ident}-title {ident}-says"><title id="{ident}-title">{escape(chart.title)}'
        f'</title><desc id="{ident}-says">{escape(chart.says)}</desc>{body}'
    )


def _themed(tag: str) -> str:
    return _FONT.sub("", _COLOUR.sub(lambda found: f"var(--{PALETTE[found[0]]})", tag))
