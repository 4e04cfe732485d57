"""
Catalogues are read from the package that has them, and a wheel carries them.
"""

import pytest
from hatchling.builders.wheel import WheelBuilder

from domain.wording import LANGUAGES
from services.runtime.catalogues import FluentCatalogue, load_catalogue
from tests.project import PROJECT


@pytest.mark.parametrize(("language", "itself"), [("en", "English"), ("ru", "Русский"), ("lv", "Latviešu")])
def test_a_catalogue_is_read_from_its_package(language: str, itself: str) -> None:
    catalogue = load_catalogue("domain.wording", language)
    assert catalogue.language == language
    assert catalogue.say("language", {}) == itself


def test_a_wheel_carries_every_catalogue() -> None:
    packed = {one.distribution_path for one in WheelBuilder(str(PROJECT)).recurse_included_files()}
    assert {f"domain/wording/{language}.ftl" for language in LANGUAGES} <= packed


def test_numbers_are_written_as_the_language_writes_them_and_without_invisible_marks() -> None:
    text = "many = { $n ->\n    [one] { $n } one\n   *[other] { $n } of { $name }\n }\n"
    assert FluentCatalogue("en", text).say("many", {"n": 1_000, "name": "E1"}) == "1,000 of E1"
    assert FluentCatalogue("lv", text).say("many", {"n": 21, "name": "E1"}) == "21 one"


@pytest.mark.parametrize("text", ["a = { $x }\n", "a =\n    .title = b\n", "b = c\n"])
def test_a_message_that_cannot_be_said_is_a_bug_and_not_half_a_sentence(text: str) -> None:
    with pytest.raises(LookupError):
        FluentCatalogue("en", text).say("a", {})
