"""
Expressions of mappings: CEL over the named values of one row, checked when the mapping is read, harmless when it runs.

CEL has neither files nor sockets nor recursion. What could still grow or last (its loops ``map``, ``filter``, ``all``,
``exists``, and texts doubled by them) is refused, as are unknown names and functions, and the length is bounded: so
the cost of one evaluation is bounded by the length of the expression times that of the row's fields.

Handing a value to the native evaluator costs microseconds, looking up a known answer a tenth of one. An expression is
a function of the names in it and nothing else, so its answers are remembered, up to a bound. A bare name and a
plain literal never reach the evaluator.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import cel

__all__ = ["EvaluationFault", "ExpressionFault", "Getter", "Slots", "Value", "compile_expression"]

Value = str | int | float | bool | None
Slots = Sequence[Value]
Getter = Callable[[Slots], Value]

FUNCTIONS: Final = frozenset(
    {"size", "contains", "startsWith", "endsWith", "matches", "int", "double", "string", "bool"}
)
_OPERATORS: Final = frozenset({
    "_+_", "_-_", "_*_", "_/_", "_%_", "-_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_&&_", "_||_", "!_",
    "_?_:_", "@in", "_[_]",
})  # fmt: skip
_LOOPS: Final = re.compile(r"\b(map|filter|all|exists|exists_one|transformList|transformMap|sortBy|reduce)\b")
_STRING: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
_MATCHES: Final = re.compile(rf"({_STRING.pattern})|\bmatches\b(?:\s*\(\s*({_STRING.pattern})\s*\))?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_PLAIN_TEXT: Final = re.compile(r'"([^"\\\n]*)"|\'([^\'\\\n]*)\'')
_PLAIN_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_WORDS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}
_MOST_REMEMBERED: Final = 8_192
_LONGEST_REMEMBERED: Final = 256
_LONGEST_TEXT: Final = 8_192
_LONGEST_MESSAGE: Final = 160
_LONGEST_PATTERN_SHOWN: Final = 60
_MISSING: Final = object()


class ExpressionFault(ValueError):
    """
    An expression that no mapping may contain; the message says what is wrong with it and what to write instead.
    """


class EvaluationFault(ValueError):
    """
    An expression that has no answer for this row: a division by zero, a text where a number is needed.
    """


def compile_expression(source: str, slots: Mapping[str, int], loose: Collection[str] = ()) -> Getter:
    """
    Make the function that answers an expression for one row.

    ``slots`` tells where in the row's values each name is; ``loose`` are those whose type may differ from row to row.
    Raises ExpressionFault. The function raises EvaluationFault.
    """
    text = source.strip()
    if text in _WORDS:
        return _always(_WORDS[text])
    if _NAME.fullmatch(text):
        return _name(text, slots)
    if plain := _PLAIN_TEXT.fullmatch(text):
        return _always(plain[1] if plain[1] is not None else plain[2])
    if _PLAIN_INTEGER.fullmatch(text):
        return _always(int(text))
    _refuse_loops(text)
    try:
        program = cel.compile(text)
    except ValueError as error:
        raise ExpressionFault(f"cannot be read: {_first_line(error)}") from error
    references = program.references()
    _refuse_unknown(references["functions"], slots)
    used = [name for name in references["variables"] if name in slots]
    unknown = [name for name in references["variables"] if name not in slots]
    if unknown:
        raise ExpressionFault(_unknown_name(unknown[0], slots))
    _refuse_patterns(text)
    places = [slots[name] for name in used]
    if any(name in loose for name in used):
        # 1, 1.0 and true are one key to Python and three values to CEL: their answers are not remembered.
        return lambda values: _answer(program, {name: values[slot] for name, slot in zip(used, places, strict=True)})
    return _remembering(program, used, places)


def _always(value: Value) -> Getter:
    return lambda _slots: value


def _name(name: str, slots: Mapping[str, int]) -> Getter:
    if name not in slots:
        raise ExpressionFault(_unknown_name(name, slots))
    slot = slots[name]
    return lambda values: values[slot]


def _refuse_loops(text: str) -> None:
    bare = _STRING.sub('""', text)
    if re.search(r'[A-Za-z]""', bare) or '"""' in bare or "'" in bare or bare.count('"') % 2:
        raise ExpressionFault("texts are written in plain single or double quotes, without a letter before them")
    if "//" in bare:
        raise ExpressionFault("an expression holds no comment; write it in the YAML, after #")
    if "{" in bare:
        raise ExpressionFault("an expression builds no maps; write each field on its own")
    if found := _LOOPS.search(bare):
        raise ExpressionFault(
            f"{found[1]}() is not available: a mapping has no loops, so that no row can hold up a file"
        )


def _refuse_patterns(text: str) -> None:
    """
    Try every regular expression: a wrong or a giant one is the mapping's fault, and would cost each row its time.
    """
    for found in _MATCHES.finditer(text):
        if found[1] is not None:
            continue
        if found[2] is None:
            raise ExpressionFault('a pattern is written out where it is used, like service.matches("^A.*")')
        try:
            cel.compile(f'"".matches({found[2]})').execute({})
        except (RuntimeError, ValueError) as error:
            shown = found[2][:_LONGEST_PATTERN_SHOWN]
            raise ExpressionFault(
                f"{shown} is no regular expression, or one that grows too large: {_last_line(error)}"
            ) from error


def _last_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[-1].strip()[:_LONGEST_MESSAGE]


def _refuse_unknown(functions: Sequence[str], slots: Mapping[str, int]) -> None:
    for name in functions:
        if name not in FUNCTIONS and name not in _OPERATORS:
            known = ", ".join(sorted(FUNCTIONS))
            hint = f"; {name} is a name, not a function" if name in slots else ""
            raise ExpressionFault(f"no function is called {name[:40]!r}{hint}; there are {known}")


def _unknown_name(name: str, slots: Mapping[str, int]) -> str:
    return f"nothing is called {name[:40]!r} here; there are {', '.join(sorted(slots))}"


def _first_line(error: BaseException) -> str:
    text = str(error)
    found = re.search(r"ERROR: <input>:1:(\d+): (?:Syntax error: )?([^\n]+)", text)
    return (
        f"at character {found[1]}: {found[2]}"[:_LONGEST_MESSAGE] if found else text.splitlines()[0][:_LONGEST_MESSAGE]
    )


def _remembering(program: cel.Program, names: list[str], places: list[int]) -> Getter:
    answers: dict[object, Value] = {}

    def evaluate(values: Slots) -> Value:
        given = {name: values[place] for name, place in zip(names, places, strict=True)}
        answer = _answer(program, given)
        if len(answers) >= _MOST_REMEMBERED:
            answers.clear()
        if all(not isinstance(value, str) or len(value) <= _LONGEST_REMEMBERED for value in given.values()):
            answers[tuple(given.values()) if len(places) > 1 else next(iter(given.values()), None)] = answer
        return answer

    if len(places) == 1:
        (only,) = places

        def of_one(values: Slots) -> Value:
            known = answers.get(values[only], _MISSING)
            return evaluate(values) if known is _MISSING else known  # type: ignore[return-value] # the sentinel is not in it

        return of_one

    def of_many(values: Slots) -> Value:
        known = answers.get(tuple([values[place] for place in places]), _MISSING)
        return evaluate(values) if known is _MISSING else known  # type: ignore[return-value] # as above

    return of_many


def _answer(program: cel.Program, given: dict[str, Value]) -> Value:
    try:
        answer = program.execute(given)
    except (RuntimeError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise EvaluationFault(_first_line(error)) from error
    if answer is None or isinstance(answer, bool | int | float):
        return answer
    if isinstance(answer, str):
        if len(answer) > _LONGEST_TEXT:
            raise EvaluationFault(f"a text of {len(answer)} characters; at most {_LONGEST_TEXT} are taken")
        return answer
    raise EvaluationFault(
        f"{type(answer).__name__} is no value of an event; give a text, a number, true, false or null"
    )
