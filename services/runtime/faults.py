"""
Faults of a document that a person wrote, told so that the person can mend them: file, line, field, value and fix.

Turns pydantic's ValidationError into one sentence for each fault. What a field is called and where it stands is read
from the error and the document, and only the forms of texts are known by their patterns.
"""

import re
from typing import Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.forms import bound_in_words
from schemas.receivers import NAMED
from schemas.spelling import meant
from services.runtime.known_fields import fields_at
from services.runtime.yamlfile import Document, Path

__all__ = ["Fault", "describe", "faults_of", "field_name", "problem_and_fix", "problem_of"]

MAX_FAULTS: Final = 50
_LONGEST_VALUE: Final = 80

_PROBLEMS: Final[dict[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be a mapping",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
    "too_short": "has too few entries",
    "union_tag_not_found": "is missing",
}
"""The problem in a document's words, where pydantic speaks of Python."""

_FIXES: Final[dict[str, str]] = {
    "missing": "add it",
    "union_tag_not_found": "add it",
    "extra_forbidden": "correct its spelling or remove it",
    "string_type": "write it as text, in quotes, with its unit where it has one: '80%', '4.25'",
    "int_type": "write a whole number without quotes",
    "bool_type": "write true or false without quotes",
    "float_type": "write a number without quotes",
    "dict_type": "write fields below it, indented",
    "model_type": "write fields below it, indented",
    "model_attributes_type": "write its fields, each as name: value",
    "list_type": "write a list",
    "tuple_type": "write a list",
    "string_too_long": "shorten it",
    "too_long": "leave some out",
    "too_short": "name at least one",
    "string_too_short": "fill it in",
}
"""What to do about a kind of error whose own message does not say it."""


class Fault(NamedTuple):
    """
    What is wrong with a document, where, and what to do about it; as text it is one line.
    """

    file: str
    line: int | None
    field: str
    """As its author knows it; empty where it is about the file or a document as a whole."""
    problem: str
    fix: str = ""
    """Empty where the problem says it: `must be at least 1`."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        field = f"{self.field}: " if self.field else ""
        return f"{where}: {field}{self.problem}" + (f"; {self.fix}" if self.fix else "")


def describe(error: ValidationError, document: Document, kind: object) -> list[str]:
    """
    Tell each fault as `file:line: field: problem (value …); fix`; see `faults_of`.
    """
    return list(map(str, faults_of(error, document, kind)))


def faults_of(error: ValidationError, document: Document, kind: object) -> list[Fault]:
    """
    Return the faults of a document in the order of the lines, at most 50 of them.

    `kind` is the type that the document was to be: a model, or a union of them. It says which fields there are.
    """
    found = []
    for fault in error.errors(include_url=False):
        if not _follows(fault):
            path, field, written = _place(fault["loc"], document, fault)
            found.append(_fault(fault, document.file, document.locate(path), field, written, kind))
    found.sort(key=lambda one: one.line or 0)
    found = list(dict.fromkeys(found))
    if len(found) > MAX_FAULTS:
        more = Fault(document.file, None, "", f"and {len(found) - MAX_FAULTS} more", "mend these first")
        return [*found[:MAX_FAULTS], more]
    return found


def problem_and_fix(text: str) -> tuple[str, str]:
    """
    Take a message apart: what is wrong, and behind the first semicolon what to do about it.
    """
    problem, _, fix = text.partition("; ")
    return problem, fix


def field_name(path: Path) -> str:
    """
    Call a field as its author knows it: `route.receivers[0]`.
    """
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def _follows(fault: ErrorDetails) -> bool:
    """
    Whether a list is only called too short because its entries are at fault, which is told of each of them.
    """
    written = fault["input"]
    least = fault.get("ctx", {}).get("min_length", 1)
    return fault["type"] == "too_short" and isinstance(written, list) and len(written) >= least


def _place(loc: tuple[int | str, ...], document: Document, fault: ErrorDetails) -> tuple[Path, str, object]:
    """
    The path in the document, the field's name as its author knows it, and what is written there (None: nothing is).

    A location also holds steps that nobody wrote: the member of a union that was chosen, and the places of a list
    where one value stands for it. They are not in the document and are left out.
    """
    path: list[str | int] = []
    at: object = document.value
    rest = list(loc)
    while rest:
        step = rest.pop(0)
        match at:
            case dict() if step in at:
                at = at[step]
            case list() if isinstance(step, int) and 0 <= step < len(at):
                at = at[step]
            case dict() if not rest and fault["type"] == "missing":
                at = None
            case _:
                continue
        path.append(step)
    name = field_name(tuple(path))
    if fault["type"].startswith("union_tag"):
        tag = str(fault.get("ctx", {}).get("discriminator", "")).strip("'")
        path.append(tag)
        name = f"{name}.{tag}" if name else tag
    return tuple(path), name or "document", at if loc and tuple(path[-1:]) == loc[-1:] else None


def _fault(fault: ErrorDetails, file: str, line: int | None, field: str, written: object, kind: object) -> Fault:
    problem, fix = problem_and_fix(problem_of(fault))
    # What does not fit another field was read already: its author knows it as it was written.
    told = written if fault["type"] == "misfit" else _input(fault)
    untold = _is_untold(fault) or (told is None and fault["type"] == "misfit")
    value = "" if untold else f" (value {_shown(told)})"
    fix = fix or _FIXES.get(fault["type"], "")
    if fault["type"] == "extra_forbidden":
        *above, written = fault["loc"]
        fix = meant(str(written), fields_at(kind, above), fix)
    return Fault(file, line, _bounded(field, 200), _bounded(problem, 400) + value, _bounded(fix, 400))


def _is_untold(fault: ErrorDetails) -> bool:
    """
    Whether there is no value, or one that may be a secret that somebody wrote where its name belongs.
    """
    return fault["type"] in ("missing", "union_tag_not_found") or fault.get("ctx", {}).get("pattern") == NAMED


def problem_of(fault: ErrorDetails) -> str:
    """
    Say what is wrong with a value, in words that need no knowledge of Python.
    """
    return (
        _PROBLEMS.get(fault["type"])
        or _of_a_choice(fault)
        or bound_in_words(fault["type"], fault.get("ctx", {}))
        or fault["msg"].removeprefix("Value error, ")
    )


def _of_a_choice(fault: ErrorDetails) -> str | None:
    """
    The problem of a value that is none of those that may be, with what may be.
    """
    if fault["type"] not in ("literal_error", "union_tag_invalid"):
        return None
    context = fault.get("ctx", {})
    known = str(context.get("expected") or context.get("expected_tags"))
    choices = re.findall("'([^']*)'", known)
    near = meant(str(_input(fault)), choices) if len(choices) > 1 else ""
    return f"must be {_bounded(known, 300)}" + (f"; {near}" if near else "")


def _input(fault: ErrorDetails) -> object:
    """
    The value that is at fault: of a union that was told apart by a field, that field.
    """
    return fault["ctx"]["tag"] if fault["type"] == "union_tag_invalid" else fault["input"]


def _shown(value: object) -> str:
    match value:
        case dict():
            return f"a mapping of {len(value)} fields"
        case list() | tuple():
            return f"a list of {len(value)}"
        case str():
            return f"'{_bounded(value, _LONGEST_VALUE)}'"
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case _:
            return _bounded(repr(value), _LONGEST_VALUE)


def _bounded(text: str, longest: int) -> str:
    """
    Short enough for one line, and without characters that would command a terminal.
    """
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[: longest + 1])
    return text if len(text) <= longest else text[: longest - 1] + "…"
