"""
Where the project lies, for tests that read its files or start its programs.
"""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
