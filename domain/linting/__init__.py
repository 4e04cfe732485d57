"""
The lint: documents that can be read and published, and still do not do what their owners believe.

Pure: it knows the documents, the present as it is told, and a sample of events, and returns what it found, each with
the document, the field and the fix. Who calls it turns fields into lines of files.
"""

from collections.abc import Iterator

from domain.linting.findings import Finding, Papers
from domain.linting.hours import lint_hours
from domain.linting.objectives import lint_objectives
from domain.linting.rules import RULES, Rule, Severity
from domain.linting.sampled import lint_sampled
from domain.linting.samples import Gathering, Sample
from domain.linting.selectors import lint_selectors
from domain.linting.versions import lint_versions


def lint(papers: Papers) -> Iterator[Finding]:
    """
    Find what breaks a rule, rule by rule.
    """
    for look in (lint_objectives, lint_selectors, lint_hours, lint_versions, lint_sampled):
        yield from look(papers)


__all__ = ["RULES", "Finding", "Gathering", "Papers", "Rule", "Sample", "Severity", "lint"]
