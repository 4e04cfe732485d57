"""
The map of the engine: whoever opens the package finds every file in its first lines.
"""

import re
from pathlib import Path

from services.alerts import engine


def unmapped(told: str, files: set[str]) -> set[str]:
    return files - set(re.findall(r"[a-z_]+", told))


def test_every_file_is_on_the_map() -> None:
    files = {file.stem for file in Path(*engine.__path__).glob("[a-z]*.py")}
    assert not unmapped(engine.__doc__ or "", files)
    assert unmapped(engine.__doc__ or "", {*files, "astrology"}) == {"astrology"}
