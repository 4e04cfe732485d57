"""
The secrets of other systems: `SQM_SECRET_<NAME>` in the environment, or the file that `SQM_SECRET_<NAME>_FILE` names.

A value is read when it is needed, so that a file that is changed over counts at once, and no value is ever part of a
repr. What goes to a log or a record passes ``redacted`` first.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from services.runtime.errors import Misconfigured

__all__ = ["Secrets"]

_PREFIX: Final = "SQM_SECRET_"
_FILE: Final = "_FILE"
_SHORTEST: Final = 6
"""What is shorter is too common in ordinary text to be blotted out; a whole secret always is."""


class Secrets:
    """
    Finds secrets by their names, and blots those that were ``remembered`` last out of texts.
    """

    def __init__(self, environment: Mapping[str, str], *, remembered: int = 1_000) -> None:
        self._environment = environment
        self._most = remembered
        self._revealed: dict[str, None] = {}

    def __repr__(self) -> str:
        return "Secrets()"

    def reveal(self, name: str) -> str:
        """
        Return a secret; raises Misconfigured, naming the variable, where there is none.
        """
        variable = _PREFIX + name
        value, file = self._environment.get(variable), self._environment.get(variable + _FILE)
        if value and file:
            raise Misconfigured(f"{variable} and {variable}{_FILE} are both set; keep one")
        if file:
            try:
                value = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                problem = getattr(error, "strerror", None) or "it is no text in UTF-8"
                raise Misconfigured(f"{variable}{_FILE} names {file}, which cannot be read: {problem}") from None
        if not value:
            raise Misconfigured(f"{variable} or {variable}{_FILE} is needed")
        self._remember(value)
        return value

    def redacted(self, text: str) -> str:
        """
        Return a text with every secret that was ever revealed, and each part of one that is an address, blotted out.
        """
        for secret in self._revealed:
            text = text.replace(secret, "***")
        return text

    def _remember(self, value: str) -> None:
        for part in sorted({value, *_parts(value)}, key=len, reverse=True):
            self._revealed.pop(part, None)
            self._revealed[part] = None
        while len(self._revealed) > self._most:
            # Files that are changed over for years; what was used first is long out of use.
            del self._revealed[next(iter(self._revealed))]


def _parts(value: str) -> set[str]:
    """
    The parts of a secret address that are secret by themselves: libraries name them one by one.
    """
    if "://" not in value:
        return set()
    rest = value.partition("://")[2]
    try:
        path = urlsplit(value).path
    except ValueError:
        path = ""
    pieces = {path, *(piece for word in "/?&=@:" for piece in rest.split(word)), *path.split("/")}
    return {one for piece in pieces for one in (piece, unquote(piece)) if len(one) >= _SHORTEST}
