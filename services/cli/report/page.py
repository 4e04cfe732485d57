"""
Writes a report as one page that needs nothing else: no script, no address, no font. A strict policy in its head forbids
them too, and the style is allowed by its hash alone.
"""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from services.cli.report.drawing import drawn_chart
from services.cli.report.paper import Report
from services.cli.report.wording import Words

__all__ = ["as_page"]

_PACKAGE: Final = "services.cli.report"


def as_page(report: Report, words: Words) -> str:
    """
    Write the page.
    """
    style = _text("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    drawn = {
        (place, number): {width: Markup(svg) for width, svg in drawn_chart(chart, f"c{place}-{number}").items()}  # noqa: S704  (made here; what stands in it was escaped by the drawing library)
        for place, section in enumerate(report.sections)
        for number, chart in enumerate(section.charts)
    }
    return _template().render(
        report=report,
        drawn=drawn,
        word=words,
        style=Markup(style),  # noqa: S704  (our own file)
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(_text("page.html.j2"))


def _text(name: str) -> str:
    return files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")
