"""
How commands write their answers: for people, or for programs.
"""

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["Form", "Output", "SheetForm", "SheetOutput", "TableForm", "TableOutput"]


class Form(StrEnum):
    """
    Sentences, or a document.
    """

    TEXT = "text"
    JSON = "json"


class TableForm(StrEnum):
    """
    A table, or a document.
    """

    TABLE = "table"
    JSON = "json"


class SheetForm(StrEnum):
    """
    A table, a document, or lines for a sheet.
    """

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Output = Annotated[Form, typer.Option("--format", help="text for people, json for programs.")]
TableOutput = Annotated[TableForm, typer.Option("--format", help="table for people, json for programs.")]
SheetOutput = Annotated[SheetForm, typer.Option("--format", help="table for people, json and csv for programs.")]
