"""
Where the project lies, for tests that read its files or start its programs.
"""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def measured() -> dict[str, str]:
    """
    What a process with an environment of its own needs in it to be measured like the tests, where they are.
    """
    return {name: value for name in ("COVERAGE_PROCESS_CONFIG",) if (value := os.environ.get(name))}
