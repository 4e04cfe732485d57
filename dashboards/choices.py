"""
What the reader chose, as SQL: safe and right for every name that a queue, a team or a source can have.

Grafana's quoting formats leave a backslash as it is, and to ClickHouse one escapes the quote after it. So a choice is
sent encoded as in an address, in which no quote, backslash or separator is left, and ClickHouse decodes it: once for a
question, as a constant that indexes are searched for. Only a name that holds a macro (`$__fromTime`) is out of reach,
for the plugin replaces macros in texts too.
"""

from typing import Final

__all__ = ["NO_QUEUE", "ZONE", "among", "chosen", "chosen_one"]

NO_QUEUE: Final = r"'\t'"
"""What stands for having no queue: no name has a tab in it. (No text would do: to the plugin, that is all of them.)"""


def chosen(name: str) -> str:
    """
    The array of the values that were chosen of a variable, under a condition that there is no `All`.
    """
    return f"arrayMap(one -> decodeURLComponent(one), extractAll('${{{name}:queryparam}}', '=([^&]*)'))"


def chosen_one(name: str) -> str:
    """
    The value of a variable of which only one can be chosen.
    """
    return f"decodeURLComponent('${{{name}:percentencode}}')"


def among(column: str, name: str) -> str:
    """
    That a column has one of the values that were chosen of a variable; `All` is no condition.
    """
    return f"$__conditionalAll(has({chosen(name)}, {column}), ${name})"


ZONE: Final = chosen_one("zone")
"""The time zone in which the reader wants to be told hours, weekdays and days."""
