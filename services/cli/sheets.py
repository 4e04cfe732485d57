"""
Texts in CSV that people open as sheets: none of them may become a formula there.
"""

from typing import Final

__all__ = ["cell"]

_BEGIN_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """
    Put an apostrophe before a text that a sheet would work out, such as ``=HYPERLINK(…)`` for the name of a queue; it
    shows the text then. All else stays as it is. JSON and Parquet need none of this.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGIN_FORMULAS) else value
