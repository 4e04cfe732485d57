"""
Writes plain data as YAML that people like to read and every parser reads the same way.

Text is quoted unless it is a plain word that no version of YAML takes for something else; nothing is ever
abbreviated by anchors, and mappings keep their order.
"""

import json
import re
from typing import Any, Final

__all__ = ["yaml_text"]

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.\-/]*(?: [A-Za-z0-9_.\-/()]+)*", re.ASCII)
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})


def yaml_text(value: Any, indent: int = 0) -> str:  # noqa: ANN401 - any plain data
    """
    One document; ends with a newline.
    """
    return "\n".join(_lines(value, indent)) + "\n"


def _lines(value: Any, indent: int) -> list[str]:  # noqa: ANN401 - as above
    space = " " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            if _nested(item):
                lines += [f"{space}{_scalar(key)}:", *_lines(item, indent + 2)]
            else:
                lines.append(f"{space}{_scalar(key)}: {_scalar(item)}")
        return lines
    if isinstance(value, list | tuple) and value:
        lines = []
        for item in value:
            if _nested(item):
                first, *rest = _lines(item, indent + 2)
                lines += [f"{space}- {first.lstrip()}", *rest]
            else:
                lines.append(f"{space}- {_scalar(item)}")
        return lines
    return [space + _scalar(value)]


def _nested(value: object) -> bool:
    return isinstance(value, dict | list | tuple) and bool(value)


def _scalar(value: object) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
