"""
The catalogues: each language has every message, with the same arguments, and its own plurals.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from domain.wording import LANGUAGES, WORDING
from tests.fakes.catalogues import catalogue
from tests.project import PROJECT

FOLDER = PROJECT / "domain" / "wording"


class _Arguments(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the visitor's own name
        self.found.add(node.id.name)


def arguments_of(message: ast.Message) -> set[str]:
    visitor = _Arguments()
    visitor.visit(message)
    return visitor.found


def faults_of(text: str) -> Iterator[str]:
    """
    Say what a catalogue lacks, has too much of, or says with other arguments than the vocabulary has.
    """
    messages: dict[str, set[str]] = {}
    for entry in FluentParser().parse(text).body:
        match entry:
            case ast.Message():
                if entry.id.name in messages:
                    yield f"{entry.id.name} is there twice"
                messages[entry.id.name] = arguments_of(entry)
            case ast.Junk():
                yield f"cannot be read: {entry.content}"
    for key in WORDING.keys() | messages.keys():
        if key not in messages:
            yield f"{key} is missing"
        elif key not in WORDING:
            yield f"{key} is said by nobody"
        elif key != "metric-formula" and messages[key] != set(WORDING[key]):
            yield f"{key} takes {sorted(messages[key])}, not {sorted(WORDING[key])}"


def resource(language: str) -> str:
    return (FOLDER / f"{language}.ftl").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_arguments(language: str) -> None:
    assert list(faults_of(resource(language))) == []


@pytest.mark.parametrize(
    ("planted", "with_this", "fault"),
    [
        ("margin-over = over by { $by }\n", "", "margin-over is missing"),
        ("margin-over = over by { $by }\n", "margin-over = over\n", "margin-over takes [], not ['by']"),
        ("over by { $by }", "over by { $much }", "margin-over takes ['much'], not ['by']"),
        ("language = English\n", "language = English\nlanguage = Scots\n", "language is there twice"),
        ("language = English\n", "language = English\nmood = fine\n", "mood is said by nobody"),
        ("language = English\n", "language = English\nmood = { $\n", "cannot be read: mood = { $\n"),
    ],
)
def test_what_a_catalogue_lacks_is_found(planted: str, with_this: str, fault: str) -> None:
    good = resource("en")
    assert planted in good
    assert any(found.startswith(fault) for found in faults_of(good.replace(planted, with_this)))


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {file.stem for file in Path(FOLDER).glob("*.ftl")} == set(LANGUAGES)


_TIMES = {
    "en": ("reopened # time", "reopened # times"),
    "ru": ("открыто повторно # раз", "открыто повторно # раза"),
    "lv": ("atkārtoti atvērts # reizi", "atkārtoti atvērts # reizes", "atkārtoti atvērts # reižu"),
}
_FORMS = {
    "en": {1: 0, 0: 1, 2: 1, 5: 1, 11: 1, 21: 1, 22: 1, 101: 1},
    "ru": {0: 0, 1: 0, 2: 1, 5: 0, 11: 0, 21: 0, 22: 1, 101: 0, 112: 0},
    "lv": {0: 2, 1: 0, 2: 1, 5: 1, 11: 2, 21: 0, 22: 1, 101: 0, 112: 2},
}
_JOURNEYS = {
    "en": ("from # journey on", "from # journeys on"),
    "ru": ("начиная с # обращения", "начиная с # обращений"),  # noqa: RUF001 - Russian
    "lv": ("sākot no # kontakta", "sākot no # kontaktiem"),
}
_FROM = {
    "en": {1: 0, 2: 1, 5: 1, 11: 1, 21: 1, 22: 1, 101: 1},
    "ru": {1: 0, 2: 1, 5: 1, 11: 1, 21: 0, 22: 1, 101: 0},
    "lv": {1: 0, 2: 1, 5: 1, 11: 1, 21: 0, 22: 1, 101: 0},
}


@pytest.mark.parametrize(("language", "n"), [(language, n) for language, forms in _FORMS.items() for n in forms])
def test_how_often_is_said_in_the_form_that_the_number_wants(language: str, n: int) -> None:
    said = catalogue(language).say("about-reopened", {"times": n})
    assert said == _TIMES[language][_FORMS[language][n]].replace("#", str(n))


@pytest.mark.parametrize(("language", "n"), [(language, n) for language, forms in _FROM.items() for n in forms])
def test_from_how_many_journeys_on_is_said_in_the_form_that_the_number_wants(language: str, n: int) -> None:
    given: dict[str, str | int] = {
        "metric": "goal_met",
        "side": "at_least",
        "target": "80 %",
        "window": "1 h",
        "least": n,
    }
    assert (
        catalogue(language)
        .say("objective", given)
        .endswith(_JOURNEYS[language][_FROM[language][n]].replace("#", str(n)))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_that_is_counted_has_a_word_behind_it_in_every_form(language: str) -> None:
    counted = {key for key, names in WORDING.items() if {"times", "least", "n"} & set(names)}
    bare = re.compile(r"\{ \$(?:times|least|decimals|tenth) \}\s*$", re.MULTILINE)
    for entry in FluentParser().parse(resource(language)).body:
        if isinstance(entry, ast.Message) and entry.id.name in counted:
            span = entry.span
            assert span is not None
            assert not bare.search(resource(language)[span.start : span.end]), entry.id.name
