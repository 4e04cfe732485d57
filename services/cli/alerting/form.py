"""
How the commands of alerts write their answers.
"""

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["Form", "Output"]


class Form(StrEnum):
    """
    How the answer is written.
    """

    TEXT = "text"
    JSON = "json"


Output = Annotated[Form, typer.Option("--format", help="How to write the answer.")]
