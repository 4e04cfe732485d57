"""
What the stack tells its ClickHouse server, `deploy/clickhouse`, in the embedded engine: as one of its users.

    python -m tests.fakes.deployed_clickhouse FOLDER USER < statements

A process has one engine, which takes everybody for one user. So each user asks in a process of its own: a JSON array of
statements in, and out a JSON array of what each gave: its rows as text, or `refused: ` and the name of the error.
"""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chdb.session import Session

from tests.project import PROJECT

__all__ = ["asked_as"]

_DEPLOYED: Final = PROJECT / "deploy/clickhouse"
_ERROR: Final = re.compile(r"\(([A-Z_]+)\)\s*$", re.MULTILINE)


def asked_as(user: str, folder: Path, statements: Sequence[str]) -> list[str]:
    """
    What a user of the stack is answered, by an engine with its data in `db` in a folder.
    """
    command = [sys.executable, "-m", "tests.fakes.deployed_clickhouse", str(folder), user]
    said = subprocess.run(
        command, cwd=PROJECT, input=json.dumps(statements), stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    answers: list[str] = json.loads(said)
    return answers


def _configure(folder: Path, user: str) -> Path:
    """
    Write the deployed settings to where the engine reads them; its log, its folder of backups and passwords are ours.
    """
    server, users = (ET.parse(_DEPLOYED / name).getroot() for name in ("server.xml", "users.xml"))  # noqa: S314  (our own files)
    ET.SubElement(_one(users, "profiles"), "default")
    ET.SubElement(ET.SubElement(users, "quotas"), "default")
    everybody = _one(users, "users")
    everybody.remove(_one(users, "users/default"))
    for one in everybody:
        one.remove(_one(one, "password_sha256_hex"))
        ET.SubElement(one, "password")
    _one(users, f"users/{user}").tag = "default"
    (folder / "users.xml").write_bytes(ET.tostring(users))
    server.remove(_one(server, "logger"))
    _one(server, "backups/allowed_path").text = f"{folder}/backups/"
    ET.SubElement(server, "users_config").text = f"{folder}/users.xml"
    (folder / "server.xml").write_bytes(ET.tostring(server))
    return folder / "server.xml"


def _one(within: ET.Element, path: str) -> ET.Element:
    found = within.find(path)
    assert found is not None, f"deploy/clickhouse says nothing of {path}"
    return found


def _answer(session: Session, statement: str) -> str:
    try:
        return str(session.query(statement))  # type: ignore[no-untyped-call]  # the engine has no types
    except RuntimeError as error:
        named = _ERROR.search(str(error))
        return f"refused: {named[1] if named else error}"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    session = Session(f"{folder}/db?config-file={_configure(folder, sys.argv[2])}")  # type: ignore[no-untyped-call]  # as above
    json.dump([_answer(session, one) for one in json.load(sys.stdin)], sys.stdout)
