"""
Traces: the forms in which somebody's name may stand in bytes that nobody has taken apart.
"""

import base64
import json
import re
import unicodedata
from typing import Final
from urllib.parse import quote, quote_plus

__all__ = ["SHORTEST_ANYWHERE", "Traces"]

SHORTEST_ANYWHERE: Final = 6
"""Characters of a name that is looked for inside texts; a shorter one must be all that stands between two quotes or
other borders of a value, or it would be found in every date."""
_ESCAPES: Final = (r"\\[bfnrt]", r"\\u[0-9a-f]{4}", "%[0-9a-f]{2}")
"""Of JSON and of addresses: what they stand for is a border of words, though their last character is a letter."""
_NOT_WITHIN: Final = f"(?:(?<![0-9a-z])|{'|'.join(f'(?<={one})' for one in _ESCAPES)})".encode()
_NO_LETTER: Final = "u00[0-7][0-9a-f]|u20[0-9a-f]{2}"
"""What JSON may write behind a backslash for marks and spaces; most others are letters."""
_BEFORE: Final = rf"(?i)(^|[^\p{{L}}\p{{M}}\p{{N}}]|\\(?:[bfnrt]|{_NO_LETTER})|%[0-9a-f]{{2}})"
_BEHIND: Final = rf'([^\p{{L}}\p{{M}}\p{{N}}\\"]|\\(?:[^u]|{_NO_LETTER}|$)|"\s*[^\s:]|"?$)'
_ALIGNMENTS: Final = 3
"""Base64 writes three bytes at a time, so the same text has three forms."""


class Traces:
    """
    Finds a name in bytes, in small and large letters, however those with accents are composed: as UTF-8, as JSON
    writes it with and without escapes, percent-encoded, in UTF-16, in base64 (also where the whole was encoded), in
    hexadecimal.

    It is found as a word by itself, since customer 17 is not in 2017; with `in_words` also inside of longer ones, as in
    files of databases, where texts stand one behind the other without a border.
    """

    def __init__(self, name: str, *, in_words: bool = False) -> None:
        spellings = _spellings(name)
        self._forms = {
            form.lower()
            for one in spellings
            for form in (
                json.dumps(one)[1:-1].encode(),
                json.dumps(one)[1:-1].replace("/", "\\/").encode(),
                quote(one, safe="", errors="surrogatepass").encode(),
                quote_plus(one, errors="surrogatepass").encode(),
                one.encode("utf-8", "surrogatepass"),
            )
        }
        # What is encoded has no borders of words.
        alternatives = b"|".join(re.escape(form) for form in sorted(self._forms, key=len, reverse=True))
        before, after = (
            (_NOT_WITHIN, rb"(?![0-9a-z])")
            if len(name) >= SHORTEST_ANYWHERE
            else (rb"(?<![^\"':=,&\s\[/])", rb"(?![^\"',&\s\]}])")
        )
        self._words = None if in_words else re.compile(before + rb"(?:" + alternatives + rb")" + after)
        self._encoded = {
            form
            for one in spellings
            for plain in (one.encode("utf-8", "surrogatepass"),)
            for form in (
                *(_base64(plain, at, altchars) for at in range(_ALIGNMENTS) for altchars in (None, b"-_")),
                one.encode("utf-16-le", "surrogatepass"),
                one.encode("utf-16-be", "surrogatepass"),
                plain.hex().encode(),
            )
            if len(name) >= SHORTEST_ANYWHERE
        }

    @property
    def pattern(self) -> str:
        """
        The plain and the escaped forms as a regular expression of RE2, for whatever looks through texts by itself.
        """
        return f"(?i)(?:^|[^0-9a-z]|{'|'.join(_ESCAPES)})(?:{self._alternatives})(?:[^0-9a-z]|$)"

    @property
    def words(self) -> tuple[str, str, str]:
        """
        The same in three parts for whatever puts something in its place: a group of what stands before, the forms, and
        a group of what stands behind. Not found is a part of a longer word in any alphabet, and what names a value in
        JSON.
        """
        return _BEFORE, self._alternatives, _BEHIND

    @property
    def _alternatives(self) -> str:
        forms = sorted((form.decode("utf-8", "surrogatepass") for form in self._forms), key=len, reverse=True)
        return "|".join(re.escape(form) for form in forms)

    def found_in(self, *texts: bytes | None) -> bool:
        """
        Tell whether the name stands in any of the texts.
        """
        return any(text is not None and self._in(text) for text in texts)

    def _in(self, text: bytes) -> bool:
        lowered = text.lower()
        if any(form in lowered for form in self._forms) and (self._words is None or self._words.search(lowered)):
            return True
        return any(form in text for form in self._encoded)


def _spellings(name: str) -> set[str]:
    """
    The same name as it is typed elsewhere. Bytes know the case of English letters only, so others are tried: all small,
    all large, each word with a large one.
    """
    cases = (name, name.lower(), name.upper(), name.title())
    return {name, *(unicodedata.normalize(form, case) for case in cases for form in ("NFC", "NFD"))}


def _base64(plain: bytes, at: int, altchars: bytes | None) -> bytes:
    """
    What base64 makes of a text that begins `at` bytes into a group of three, without what its neighbours decide.
    """
    whole = base64.b64encode(bytes(at) + plain, altchars).rstrip(b"=")
    begin = 0 if at == 0 else at + 1
    full = (at + len(plain)) // 3 * 4
    return whole[begin:full]
