"""
The words of reports are there in every language, with the same arguments, and nothing is there that nobody says.
"""

import re
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from domain.catalogue import CATALOGUE, LIVE
from domain.wording import LANGUAGES
from services.cli.languages import spoken
from services.cli.report.judging import State, Trend
from services.cli.report.wording import load_words
from services.history.engine import By
from tests.project import PROJECT

ARGUMENT = re.compile(r"\$(\w+)")
CODE = PROJECT / "services" / "cli" / "report"


def messages(language: str) -> dict[str, set[str]]:
    text = files("services.cli.report.words").joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    key = ""
    for line in text.splitlines():
        begins = re.match(r"report-([\w-]+) =", line)
        key = begins[1] if begins else key
        if key and not line.startswith("#"):
            found.setdefault(key, set()).update(ARGUMENT.findall(line))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_with_the_same_arguments(language: str) -> None:
    assert messages(language) == messages("en")


def test_every_key_is_said_somewhere() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (*CODE.glob("*.py"), *CODE.glob("*.j2")))
    said = {key for key in messages("en") if f'"{key}"' in code or key.startswith("column-")}
    assert messages("en").keys() == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_has_a_name_has_words(language: str) -> None:
    words = load_words(language, spoken(language), ZoneInfo("UTC"), {"a": "Branch"})
    names = [words.metric(name) for name in CATALOGUE if name not in LIVE]
    assert len(set(names)) == len(names)
    assert len({words.title(by) for by in By}) == len(By)
    assert len({words("state", state=state) for state in State}) == len(State)
    assert len({words("trend", trend=trend) for trend in Trend}) == len(Trend)
    assert words.site("a") == "Branch (a)"
    assert words.group({"site": "b", "queue": None, "clock_hour": 7, "hour": 0, "weekday": 1}) == (
        "b", words("not-said"), "07:00", "1970-01-01 00:00", words.weekday(1),
    )  # fmt: skip
    assert words.count(12_345) == ("12,345" if language == "en" else "12\u00a0345")
    assert words.share(0.123) == ("12.3%" if language == "en" else "12,3%")
