"""
The span that a question is about, as conditions of SQL; values go as parameters.
"""

__all__ = ["Parameters", "within"]

Parameters = dict[str, str | int | None]


def within(at: str, from_ms: int | None, until_ms: int | None) -> tuple[list[str], Parameters]:
    """
    Return the conditions under which the column `at` lies in a span, and their parameters. Milliseconds; the end is not
    part of it, and None is open.
    """
    where: list[str] = []
    parameters: Parameters = {}
    for name, value, sign in (("from_ms", from_ms, ">="), ("until_ms", until_ms, "<")):
        if value is not None:
            where.append(f"{at} {sign} fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')")
            parameters[name] = value
    return where, parameters
