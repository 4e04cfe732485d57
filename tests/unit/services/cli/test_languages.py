"""
The language of a command: what was asked for, else the reader's own, else English.
"""

import pytest

from services.cli.languages import language_of, spoken
from services.runtime.errors import Misconfigured


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "lv_LV.UTF-8", "LC_ALL": ""}, "lv"),
        ({"LANG": "lv_LV.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "lv_LV.UTF-8", "LC_MESSAGES": "ru"}, "ru"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:lv:ru"}, "lv"),
        ({"LANG": "rus"}, "en"),
    ],
)
def test_the_environment_says_what_its_reader_reads(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_what_was_asked_for_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "lv")
    assert spoken("ru").language == "ru"
    assert spoken(None).language == "lv"


def test_a_language_without_words_is_refused_with_those_that_have() -> None:
    with pytest.raises(Misconfigured, match="write en, ru, lv"):
        spoken("de")
