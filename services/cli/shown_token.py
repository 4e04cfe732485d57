"""
The token that a command shows to a service: of a file, else of the environment.
"""

import os
from pathlib import Path

from services.runtime.errors import Misconfigured

__all__ = ["read_token"]


def read_token(file: Path | None) -> str | None:
    """
    The token in a file, else in SQM_TOKEN; None where there is none. Raises Misconfigured.
    """
    if file is None:
        return os.environ.get("SQM_TOKEN") or None
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"--token-file {file}: cannot be read as text: {error}") from error
