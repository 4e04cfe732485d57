"""
The files of the project as a reader of the repository sees them: what is installed, cached or made is left out.
"""

import os
from pathlib import Path

from tests.project import PROJECT

_NOT_OURS = {".git", ".venv", ".tools", "__pycache__", "htmlcov", "build", "dist", "node_modules"}
_CACHES = ("_cache", ".egg-info")
_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".sql",
    ".xml",
    ".lock",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".sh",
}
_TEXT_NAMES = {"Makefile", "Dockerfile", "LICENSE", "run", ".gitignore", ".editorconfig"}


def project_files(project: Path = PROJECT) -> list[Path]:
    """
    Return every text file of the project, in order.
    """
    found: list[Path] = []
    for folder, subfolders, names in os.walk(project):
        here = Path(folder)
        subfolders[:] = sorted(name for name in subfolders if _is_ours(here / name, project))
        found += [here / name for name in sorted(names) if Path(name).suffix in _TEXT or name in _TEXT_NAMES]
    return found


def _is_ours(folder: Path, project: Path) -> bool:
    name = folder.name
    made = folder.parent == project and name in {"var", ".hypothesis"}
    return not made and name not in _NOT_OURS and not name.endswith(_CACHES)


def python_files(project: Path = PROJECT) -> list[Path]:
    return [file for file in project_files(project) if file.suffix == ".py"]


def shown(file: Path, project: Path = PROJECT) -> str:
    return str(file.relative_to(project))
