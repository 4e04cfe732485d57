"""
The rules of the house that no off-the-shelf tool checks; each takes the project's folder and returns what breaks it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.project_files import project_files, python_files, shown

LONGEST = 400

LONG_FOR_A_REASON: dict[str, str] = {}
"""Files that may be longer, with the reason; only tables of data and declarative models qualify."""

# Put together here, so that this file does not break its own rule.
FORBIDDEN = {
    "a registry's host: the machine's own configuration decides where packages come from": re.compile(
        "|".join(
            re.escape(host + end)
            for host, end in [
                ("pypi", ".org"),
                ("files.pythonhosted", ".org"),
                ("repo1.maven", ".org"),
                ("repo.maven", ".apache.org"),
                ("registry.npmjs", ".org"),
                ("proxy.golang", ".org"),
                ("crates", ".io"),
            ]
        )
    ),
    "a path of somebody's machine": re.compile(
        "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/wh" + "eels"])
    ),
}

_POINTLESS = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)|unittest\.skip")
_PATCHING = re.compile(r"unittest\.mock|monkeypatch\.setattr|\bmocker\b|import mock\b")
_SLEEPING = re.compile(r"\btime\.sleep\(|asyncio\.sleep\((?!0\))")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

GENERATED = (
    "schemas/json/", "schemas/asyncapi.yaml", "dashboards/json/", "docs/reference/", "docs/metrics.md",
    "docs/connectors/",
)  # fmt: skip
_SAYS_SO_WITHIN = 300


def too_long(project: Path) -> Iterator[str]:
    for file in python_files(project):
        length = len(file.read_text(encoding="utf-8").splitlines())
        if length > LONGEST and shown(file, project) not in LONG_FOR_A_REASON:
            yield f"{shown(file, project)}: {length} lines, {LONGEST} are the end; give the second idea its own file"


def without_docstring(project: Path) -> Iterator[str]:
    for file in python_files(project):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            yield f"{shown(file, project)}: say in a docstring what this module is for"


def forbidden_words(project: Path) -> Iterator[str]:
    for file in project_files(project):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for what, pattern in FORBIDDEN.items():
                if found := pattern.search(line):
                    yield f"{shown(file, project)}:{number}: {found.group()!r} is {what}"


def _in_tests(project: Path, pattern: re.Pattern[str], advice: str) -> Iterator[str]:
    # This file and its test name what they look for.
    ours = {"tests/architecture/rules.py", "tests/architecture/test_rules.py"}
    for file in python_files(project):
        place = shown(file, project)
        if not place.startswith("tests/") or place in ours:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if found := pattern.search(line):
                yield f"{place}:{number}: {found.group()!r}; {advice}"


def skipped_tests(project: Path) -> Iterator[str]:
    return _in_tests(project, _POINTLESS, "a test that does not run proves nothing")


def patching_tests(project: Path) -> Iterator[str]:
    return _in_tests(project, _PATCHING, "write a fake as a class, and hand it in")


def sleeping_tests(project: Path) -> Iterator[str]:
    """
    Sleeps in tests themselves; what waits for a condition on their behalf has to look again after a while.
    """
    found = _in_tests(project, _SLEEPING, "wait for a condition with a deadline (tests/fakes/waiting.py)")
    return (fault for fault in found if Path(fault.split(":", 1)[0]).name.startswith("test_"))


def tests_beside_the_tree(project: Path) -> Iterator[str]:
    """
    Folders of unit tests without a package of that path, where nobody would look for them.
    """
    units = project / "tests" / "unit"
    for file in python_files(project):
        if not file.is_relative_to(units):
            continue
        package = file.parent.relative_to(units)
        if not (project / package).is_dir():
            yield f"{shown(file, project)}: there is no package {package}; move the test to the path of what it tests"


def unmarked_generated_files(project: Path) -> Iterator[str]:
    for file in project_files(project):
        place = shown(file, project)
        if place.startswith(GENERATED) and "enerated" not in file.read_text(encoding="utf-8")[:_SAYS_SO_WITHIN]:
            yield f"{place}: must say at its beginning that it is generated, and by which command"


def broken_links(project: Path) -> Iterator[str]:
    for file in project_files(project):
        if file.suffix != ".md":
            continue
        text = _FENCE.sub("", file.read_text(encoding="utf-8"))
        for target in _LINK.findall(text):
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            aim = (file.parent / path).resolve() if path else file
            if not aim.exists():
                yield f"{shown(file, project)}: links to {target}, which does not exist"
            elif anchor and aim.suffix == ".md" and anchor not in _anchors(aim):
                yield f"{shown(file, project)}: links to {target}, which has no such heading"


def _anchors(file: Path) -> set[str]:
    headings = _HEADING.findall(_FENCE.sub("", file.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def empty_promises(project: Path) -> Iterator[str]:
    """
    Names in `__all__` that the module does not define.
    """
    for file in python_files(project):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        defined = set(_top_level_names(tree))
        if "*" in defined:
            continue
        for name in _promised(tree):
            if name not in defined:
                yield f"{shown(file, project)}: __all__ promises {name}, which is not there"


def _promised(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            for element in ast.walk(node):
                if isinstance(element, ast.Constant) and isinstance(element.value, str):
                    yield element.value


def _top_level_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.TypeAlias if hasattr(ast, "TypeAlias") else ()):
            yield node.name.id
