"""
The page about explanations shows what is really said, in three languages.

To write its examples anew after a wanted change, run ``python -m tests.unit.domain.wording.test_page``.
"""

import re
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from domain.wording import LANGUAGES
from schemas.standards import DOCUMENTS, Standard
from services.runtime.yamlfile import read_yaml_file
from tests.fakes.catalogues import text
from tests.fakes.outcomes import T0, measurement
from tests.project import PROJECT

PAGE: Final = PROJECT / "docs" / "explaining.md"
_EXAMPLE: Final = re.compile(r"(?<=\n```text )(\w\w)\n(.*?)(?=```\n)", re.DOTALL)


def example(language: str) -> str:
    """
    A call of the demo that waited too long, as the page tells it.
    """
    [of, *_] = [
        read
        for one in read_yaml_file(PROJECT / "deploy" / "demo" / "standards" / "call-centre.yaml")
        if isinstance(read := DOCUMENTS.validate_python(one.value), Standard)
    ]
    source, event = "/demo/call-centre/exchange", "E0123"
    trail = [
        {"at": T0, "type": "sqm.journey.arrived", "source": source, "id": f"{event}-1", "role": "start"},
        {"at": T0 + 95_000, "type": "sqm.journey.called", "source": source, "id": f"{event}-2", "role": "stop"},
    ]
    waited = {
        "id": f"m:call-answer@1:0:call-centre:{event}", "site": "call-centre", "journey": event, "channel": "phone",
        "service": "balance", "segment": "private", "value_ms": 95_000, "ended_at": T0 + 95_000, "trail": trail,
        "segments": [{"from_at": T0, "to_at": T0 + 95_000, "counts": True}],
    }  # fmt: skip
    before = measurement(**{**waited, "value_ms": 15_000, "met": True, "rev_watermark": T0 + 16_000})
    return text(measurement(**waited), of, before, language=language, zone=ZoneInfo("Europe/Riga"))


def examples_of(page: str) -> dict[str, str]:
    return {match[1]: match[2] for match in _EXAMPLE.finditer(page)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_what_is_really_said(language: str) -> None:
    assert examples_of(PAGE.read_text(encoding="utf-8"))[language] == example(language) + "\n"


if __name__ == "__main__":
    old = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_EXAMPLE.sub(lambda match: f"{match[1]}\n{example(match[1])}\n", old), encoding="utf-8")
