"""
The generated files: where each lies and what is in it, and which of them differ from what would be written now.
"""

import json
from pathlib import Path
from typing import Final, NamedTuple

from schemas.export.asyncapi import asyncapi_document
from schemas.export.messages import MESSAGES, NOTICE
from schemas.export.reference import reference_pages
from schemas.export.yaml_text import yaml_text

__all__ = ["Generated", "drifted", "generated_files", "write"]

PROJECT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = (("schemas/json", "*.json"), ("docs/reference", "*.md"))
"""Folders in which every such file is generated; what is too many there has drifted as well."""


class Generated(NamedTuple):
    """
    One generated file: its path below the project, and its whole text.
    """

    path: str
    text: str


def generated_files() -> list[Generated]:
    """
    Make all of them; the same models give the same bytes.
    """
    schemas = [
        Generated(
            f"schemas/json/{message.name}.json", json.dumps(message.schema(), indent=2, ensure_ascii=False) + "\n"
        )
        for message in MESSAGES
    ]
    asyncapi = Generated("schemas/asyncapi.yaml", f"# {NOTICE}\n{yaml_text(asyncapi_document())}")
    pages = [Generated(f"docs/reference/{name}", text) for name, text in reference_pages()]
    return [*schemas, asyncapi, *pages]


def drifted(files: list[Generated], project: Path = PROJECT) -> list[str]:
    """
    Name the files that are missing, differ, or should not be there.
    """
    wanted = {file.path: file.text for file in files}
    found = {path for path, text in wanted.items() if _text(project / path) != text}
    for folder, pattern in FOLDERS:
        present = {f"{folder}/{file.name}" for file in (project / folder).glob(pattern)}
        found |= present - wanted.keys()
    return sorted(found)


def write(files: list[Generated], project: Path = PROJECT) -> list[str]:
    """
    Bring the files up to date; returns the paths that changed.
    """
    changed = drifted(files, project)
    wanted = {file.path: file.text for file in files}
    for path in changed:
        target = project / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], "utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def _text(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
