"""
Patterns: the globs by which documents name standards, sites and queues, compiled into one test.
"""

from collections.abc import Callable
from fnmatch import translate
from re import compile as compile_pattern

Globs = Callable[[str], object]
"""Something true where a value matches one of the globs."""


def compile_globs(patterns: tuple[str, ...]) -> Globs:
    """
    Turn globs into one test.
    """
    return compile_pattern("|".join(f"(?:{translate(glob)})" for glob in patterns)).fullmatch


def globs_meet(one: str, other: str) -> bool:
    """
    Whether some text fits both globs. Of globs with sets of characters (`[…]`) this is told only where they are alike.
    """
    if "[" in one or "[" in other:
        return one == other
    seen, waiting = {(0, 0)}, [(0, 0)]
    while waiting:
        at, there = waiting.pop()
        head, its = one[at : at + 1], other[there : there + 1]
        if not head and not its:
            return True
        steps = []
        if head == "*":
            steps += [(at + 1, there), (at, there + 1)]
        if its == "*":
            steps += [(at, there + 1), (at + 1, there)]
        if head == its or "?" in {head, its}:
            steps.append((at + 1, there + 1))
        new = {(to, its_to) for to, its_to in steps if to <= len(one) and its_to <= len(other)} - seen
        seen |= new
        waiting += new
    return False


__all__ = ["Globs", "compile_globs", "globs_meet"]
