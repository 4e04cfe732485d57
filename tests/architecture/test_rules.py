"""
The project keeps the rules of the house, and each rule catches what it is there for.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.project import PROJECT

Rule = Callable[[Path], Iterator[str]]

PLANTED: dict[Rule, tuple[str, str, str]] = {
    rules.too_long: ("domain/long.py", '"""\nLong.\n"""\n' + "ONE = 1\n" * 400, "403 lines"),
    rules.without_docstring: ("domain/silent.py", "ONE = 1\n", "docstring"),
    rules.forbidden_words: ("docs/install.md", "fetch it from https://" + "pypi" + ".org/x\n", "install.md:1"),
    rules.skipped_tests: ("tests/unit/test_idle.py", "@pytest.mark.skip\n", "test_idle.py:1"),
    rules.patching_tests: ("tests/unit/test_patch.py", "from unittest.mock import patch\n", "unittest.mock"),
    rules.sleeping_tests: ("tests/unit/test_nap.py", "import time\ntime.sleep(1)\n", "test_nap.py:2"),
    rules.tests_beside_the_tree: ("tests/unit/tills/test_till.py", "ONE = 1\n", "no package tills"),
    rules.unmarked_generated_files: ("schemas/json/till.json", '{"title": "till"}\n', "generated"),
    rules.broken_links: ("docs/a.md", "# Top\n[gone](b.md) [here](#top)\n", "b.md, which does not exist"),
    rules.empty_promises: ("domain/__init__.py", '"""\nD.\n"""\n\n__all__ = ["Till"]\n', "promises Till"),
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(PROJECT)) == []


@pytest.mark.parametrize(("rule", "planted"), PLANTED.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_catches_a_planted_violation(tmp_path: Path, rule: Rule, planted: tuple[str, str, str]) -> None:
    place, text, complaint = planted
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(text)
    (found,) = rule(tmp_path)
    assert complaint in found


def test_a_link_to_a_heading_that_is_not_there_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Where does X go?\n[good](#where-does-x-go) [bad](a.md#elsewhere)\n")
    (found,) = rules.broken_links(tmp_path)
    assert "a.md#elsewhere" in found


def test_a_machine_s_path_is_found(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all:\n\tls /ho" + "me/someone\n")
    (found,) = rules.forbidden_words(tmp_path)
    assert "Makefile:2" in found


def test_what_is_installed_or_made_is_not_judged(tmp_path: Path) -> None:
    for folder in (".venv", ".tools", "var", "domain/__pycache__", ".mypy_cache"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "silent.py").write_text("ONE = 1\n")
    assert list(rules.without_docstring(tmp_path)) == []


def test_every_long_file_that_is_allowed_has_a_reason_and_exists() -> None:
    for place, reason in rules.LONG_FOR_A_REASON.items():
        assert reason
        assert (PROJECT / place).exists(), f"{place} is gone: take it off the list"
