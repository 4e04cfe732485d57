"""
Names the archive of loaded classes that halves the processor time in which an embedded Kafka starts.
"""

from pathlib import Path

from services.runtime.java import Java

__all__ = ["class_archive"]


def class_archive(jars: Path, java: Java) -> Path:
    """
    Return where the archive for these jars and this Java is, if `make setup` made one; Java checks that it fits.
    """
    return jars.parent / f"classes-{java.origin.lower()}-{java.version}.jsa"
