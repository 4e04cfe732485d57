"""
Mappings as the command line reads them: from a YAML file, with the chosen options, every fault told by file and line.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from schemas.mappings import MAPPINGS, Mapping
from services.ingest.engine.mapping import CompiledMapping, MappingFault, compile_mapping
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe
from services.runtime.yamlfile import read_one_document

__all__ = ["open_file", "parse_options", "read_mapping"]


def read_mapping(file: Path, options: dict[str, str]) -> CompiledMapping:
    """
    Read and compile a mapping. Raises Misconfigured with every fault that was found.
    """
    document = read_one_document(file, "a mapping")
    try:
        mapping = MAPPINGS.validate_python(document.value)
    except ValidationError as error:
        raise Misconfigured(
            "\n  ".join([f"{file}: not a mapping yet:", *describe(error, document, Mapping)])
        ) from error
    try:
        return compile_mapping(mapping, options)
    except MappingFault as fault:
        if fault.path[0] == "options" and fault.path[-1] not in mapping.options:
            raise Misconfigured(f"--option: {fault.problem}") from fault
        line = document.locate(fault.path)
        field = ".".join(str(step) for step in fault.path)
        raise Misconfigured(f"{file}:{line}: {field}: {fault.problem}") from fault


def parse_options(given: Iterable[str]) -> dict[str, str]:
    """
    Read `name=value` pairs. Raises Misconfigured.
    """
    options: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise Misconfigured(f"--option {pair[:60]!r}: write it as NAME=VALUE")
        if name in options:
            raise Misconfigured(f"--option {name}: said twice")
        options[name] = value
    return options


def open_file(file: Path) -> BinaryIO:
    """
    Open a file of events for reading. Raises Misconfigured.
    """
    try:
        return file.open("rb")
    except OSError as error:
        problem = f"cannot be read: {error.strerror}; name a file that exists and may be read"
        raise Misconfigured(f"{file}: {problem}") from error
