"""
Decides whether a question from outside may be put to the database.

The reading connection already refuses to write, to change its limits and to open tables elsewhere. What it would still
do is write its answer to a file, read a file through a function, and run statements that are no questions.
"""

import re
from enum import StrEnum
from typing import Final

__all__ = ["NotAsked", "why_not_asked"]


class NotAsked(StrEnum):
    """
    Why a question is not put.
    """

    NOT_A_QUESTION = "not_a_question"
    WRITES_A_FILE = "writes_a_file"
    READS_A_FILE = "reads_a_file"


# Both at once, from left to right: a quote inside the name of a column begins no text, nor the other way round.
_QUOTED: Final = re.compile(r"""(['`"])((?:(?!\1)[^\\]|\\.|\1\1)*)\1""", re.DOTALL)
_QUESTION: Final = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_INTO: Final = re.compile(r"\bINTO\b", re.IGNORECASE)
# By the bare word, for a function may also be handed to another one without being called.
_READERS: Final = re.compile(r"\b(?:file|catboostEvaluate|Python|eval|filesystem)\b", re.IGNORECASE)


def why_not_asked(sql: str) -> NotAsked | None:
    """
    Judge one statement as ClickHouse itself wrote it out (so without comments, and one only); None: it may be asked.
    """
    bare = _QUOTED.sub(lambda found: "''" if found[1] == "'" else f" {found[2]} ", sql)
    if not _QUESTION.match(bare):
        return NotAsked.NOT_A_QUESTION
    if _INTO.search(bare):
        return NotAsked.WRITES_A_FILE
    if _READERS.search(bare):
        return NotAsked.READS_A_FILE
    return None
