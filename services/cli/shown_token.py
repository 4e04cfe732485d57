"""
The token that a command shows to a service: of a file, else of the environment.
"""

import os
from pathlib import Path

from services.runtime.errors import Misconfigured

__all__ = ["read_secret", "read_token"]


def read_token(file: Path | None) -> str | None:
    """
    The token in a file, else in SQM_TOKEN; None where there is none. Raises Misconfigured.
    """
    return read_secret("--token-file", file) if file else os.environ.get("SQM_TOKEN") or None


def read_secret(option: str, file: Path) -> str | None:
    """
    The secret in a file that an option names; None where it is empty. Raises Misconfigured.
    """
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{option} {file}: cannot be read as text: {error}") from error
