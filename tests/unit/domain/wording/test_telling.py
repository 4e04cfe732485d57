"""
Whole explanations as they are read, in three languages: each case is a file for each language.

To write them anew after a wanted change, run ``python -m tests.unit.domain.wording.test_telling`` and read the
difference.
"""

from zoneinfo import ZoneInfo

import pytest

from domain.wording import LANGUAGES
from tests.fakes.catalogues import text
from tests.fakes.other_kinds import KINDS
from tests.fakes.outcomes import CASES, standard
from tests.project import PROJECT

FOLDER = PROJECT / "tests" / "golden" / "explanations"
RIGA = ZoneInfo("Europe/Riga")


def told_case(case: str, language: str) -> str:
    if case in KINDS:
        return text(*KINDS[case], language=language, zone=RIGA) + "\n"
    verdict, earlier = CASES[case]
    return text(verdict, standard(), *earlier, language=language, zone=RIGA) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [*CASES, *KINDS])
def test_the_whole_text_reads_like_this(case: str, language: str) -> None:
    assert told_case(case, language) == (FOLDER / f"{case}.{language}.txt").read_text(encoding="utf-8")


def test_every_file_of_the_folder_is_a_case() -> None:
    known = {f"{case}.{language}.txt" for case in (*CASES, *KINDS) for language in LANGUAGES}
    assert {file.name for file in FOLDER.iterdir()} == known


if __name__ == "__main__":
    for one in (*CASES, *KINDS):
        for tongue in LANGUAGES:
            (FOLDER / f"{one}.{tongue}.txt").write_text(told_case(one, tongue), encoding="utf-8")
