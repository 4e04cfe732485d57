"""
Puts examples at the end of a command's help, each on a line of its own.
"""

__all__ = ["examples"]


def examples(*lines: str) -> str:
    """
    Return the epilog of a command: `@app.command(epilog=examples("sqm load …"))`.
    """
    # A backspace alone on its line keeps the help from filling the paragraph that follows.
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
