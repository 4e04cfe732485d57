"""
What `sqm standards lint` says: every finding with file and line, as text or as JSON.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.linting import RULES, Finding, Papers, Rule, Sample, Severity, lint
from services.runtime.faults import Fault
from services.sla.shell.documents import Found, Reading

__all__ = ["Told", "as_json", "as_text", "findings_of", "rules_as_markdown", "rules_as_text"]


class Told(NamedTuple):
    """
    A finding as it is told: where it is written, and what to do.
    """

    file: str
    line: int
    field: str
    rule: Rule
    problem: str
    fix: str

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity


def findings_of(
    reading: Reading, published: Iterable[Found], *, now: int | None, sample: Sample | None = None
) -> list[Told]:
    """
    Lint what was read; what cannot be read is told first, and the rest is linted all the same.
    """
    papers = Papers(tuple(one.document for one in reading.found), tuple(one.document for one in published), now, sample)
    told = [_unread(fault) for fault in reading.faults]
    told += [_told(finding, reading.found[finding.number]) for finding in lint(papers)]
    order = {str(file): place for place, file in enumerate(reading.files)}
    return sorted(told, key=lambda one: (order[one.file], one.line, one.rule))


def as_text(told: Sequence[Told], reading: Reading) -> Iterator[str]:
    """
    Say findings in lines, and their number at the end.
    """
    for one in told:
        field = f"{one.field}: " if one.field else ""
        fix = f"; {one.fix}" if one.fix else ""
        yield f"{one.file}:{one.line}: {one.severity} [{one.rule}] {field}{one.problem}{fix}"
    errors = sum(one.severity is Severity.ERROR for one in told)
    counted = f"{errors} error(s), {len(told) - errors} warning(s)" if told else "no finding"
    yield f"{len(reading.found)} document(s) in {len(reading.files)} file(s): {counted}"


def as_json(told: Sequence[Told], reading: Reading) -> str:
    """
    Write findings as one JSON document.
    """
    findings = [{**one._asdict(), "fix": one.fix or RULES[one.rule].fix, "severity": one.severity} for one in told]
    errors = sum(one.severity is Severity.ERROR for one in told)
    return json.dumps(
        {
            "documents": len(reading.found),
            "files": len(reading.files),
            "errors": errors,
            "warnings": len(told) - errors,
            "findings": findings,
        },
        ensure_ascii=False,
        indent=2,
    )


def rules_as_text() -> Iterator[str]:
    """
    List the rules with severity, reason and fix.
    """
    width = max(map(len, Rule))
    for rule, reason in RULES.items():
        yield f"{rule:<{width}}  {reason.severity:<7}  {reason.why}"
        yield f"{'':<{width}}  {'':<7}  {reason.fix}" + (" (needs --events)" if reason.of_sample else "")


def rules_as_markdown() -> Iterator[str]:
    """
    List the rules as a table of the documentation.
    """
    yield "| rule | severity | why | what to do |"
    yield "| --- | --- | --- | --- |"
    for rule, reason in RULES.items():
        needs = " (needs `--events`)" if reason.of_sample else ""
        yield f"| `{rule}`{needs} | {reason.severity} | {reason.why} | {reason.fix} |"


def _told(finding: Finding, found: Found) -> Told:
    field = ""
    for step in finding.path:
        field += f"[{step}]" if isinstance(step, int) else f".{step}" if field else step
    line = found.line_of(finding.path)
    return Told(str(found.file), line, field, finding.rule, finding.problem, finding.remedy)


def _unread(fault: Fault) -> Told:
    return Told(fault.file, fault.line or 1, fault.field, Rule.NOT_VALID, fault.problem, fault.fix)
