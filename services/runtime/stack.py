"""
Makes what docker-compose.yml asks of the machine that it runs on: `make env`, once.

Standard library only, and nothing of ours but what is so too: a machine that runs the containers needs python3 and
nothing that is installed by it. Secrets are files, so that no list of processes and no `docker inspect` shows them;
`.env` has what is no secret, and digests of passwords.

What is made is readable by its owner alone: `.env` by its mode, secrets by the mode of their folder. The files in that
folder may be read by anybody who gets so far, since each container reads those that it is given as a user of its own.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured
from services.runtime.tokens import RANDOM_BYTES, issue

__all__ = ["Made", "main", "make_environment"]

_PASSWORD_BYTES: Final = 32
_UUID_BYTES: Final = 16
_NOBODY: Final = 10_001
"""Who works in the image (deploy/Dockerfile); stands in for root, as whom nothing runs."""
_PASSWORDS: Final = (
    "alerts_link_key",
    "clickhouse_reader",
    "clickhouse_writer",
    "grafana_password",
    "grafana_secret_key",
    "history_token",
)
_TOKENS: Final = {
    "alertmanager_token": ("alertmanager", (), "operator"),
    "simulator_token": ("simulator", ("/demo",), None),
}
"""Files with tokens: of whom each is, for which sources, in which role."""
_TOKENS_FILE: Final = "tokens/tokens.json"


@dataclass(frozen=True, slots=True)
class Made:
    """
    What `.env` says, and the files below the folder of secrets.
    """

    variables: dict[str, str]
    files: dict[str, str]


def make_environment(draw: Callable[[int], bytes], now_ms: int, user: int, group: int) -> Made:
    """
    Draw every password, key and token. `user` and `group` are as whom containers write to folders of the machine.
    """
    files = {name: _text(draw(_PASSWORD_BYTES)) for name in _PASSWORDS}
    kept = []
    for file, (name, sources, role) in _TOKENS.items():
        token, files[file] = issue(name, sources, draw(RANDOM_BYTES), now_ms, role)
        kept.append({key: value for key, value in asdict(token).items() if value is not None})
    files[_TOKENS_FILE] = json.dumps({"format": "sqm/tokens/v1", "tokens": kept}, indent=2) + "\n"
    variables = {
        "SQM_SECRETS": "./secrets",
        "SQM_BACKUPS": "./backups",
        "SQM_IDENTITIES": "./identities",
        "SQM_CONFIG": "./deploy/compose",
        "SQM_BIND": "127.0.0.1",
        "SQM_GRAFANA_URL": "http://127.0.0.1:3000",
        "SQM_ALERTS_URL": "http://127.0.0.1:8084",
        "SQM_PARTITIONS": "4",
        "SQM_WORKERS": "1",
        "SQM_UID": str(user),
        "SQM_GID": str(group),
        "SQM_KAFKA_CLUSTER_ID": _cluster_id(draw),
        "SQM_CLICKHOUSE_READER_SHA256": _digest(files["clickhouse_reader"]),
        "SQM_CLICKHOUSE_WRITER_SHA256": _digest(files["clickhouse_writer"]),
    }
    return Made(variables, files)


def _text(drawn: bytes) -> str:
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")


def _cluster_id(draw: Callable[[int], bytes]) -> str:
    # As Kafka draws them: one that begins with a dash would pass for an option of its commands.
    while (text := _text(draw(_UUID_BYTES))).startswith("-"):
        pass
    return text


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def _write(folder: Path, made: Made, owner: tuple[int, int] | None) -> None:
    kept = folder / made.variables["SQM_SECRETS"]
    # Closed before anything is in it; and of two who make it at once, one fails here.
    try:
        kept.mkdir(mode=0o700)
    except FileExistsError as error:
        raise _already(folder, kept) from error
    for name, text in made.files.items():
        file = kept / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)
        file.chmod(0o644)
    own = [folder / made.variables[name] for name in ("SQM_BACKUPS", "SQM_IDENTITIES")]
    for place in own:
        place.mkdir(mode=0o700, exist_ok=True)
    if owner is not None:
        # Containers write these, and do so as somebody who is not root.
        for place in (*own, *_tokens_places(kept)):
            os.chown(place, *owner)
    lines = [
        "# Made by `make env`. What each is for: docs/deploying.md.",
        *(f"{name}={value}" for name, value in made.variables.items()),
    ]
    # Last, and whole at once: where it is, all that it speaks of is.
    draft = folder / ".env.draft"
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n")
    draft.rename(folder / ".env")


def _tokens_places(secrets_folder: Path) -> tuple[Path, Path]:
    return (secrets_folder / _TOKENS_FILE).parent, secrets_folder / _TOKENS_FILE


def _already(folder: Path, place: Path) -> Misconfigured:
    return Misconfigured(
        f"{place} is there already, and what runs was made with it; nothing was changed. To begin anew, stop the "
        "containers, remove their volumes with `docker compose down --volumes`, and move "
        f"{folder / '.env'} and {folder / 'secrets'} away"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Write `.env` and the folder of secrets, say what was made, and return an exit status.
    """
    parser = argparse.ArgumentParser(prog="python3 -m services.runtime.stack", description="Make .env and its secrets.")
    parser.add_argument("--into", type=Path, default=Path(__file__).resolve().parents[2])
    folder: Path = parser.parse_args(arguments).into
    is_root = os.geteuid() == 0
    user, group = (_NOBODY, _NOBODY) if is_root else (os.geteuid(), os.getegid())
    try:
        if (folder / ".env").exists():
            raise _already(folder, folder / ".env")
        made = make_environment(secrets.token_bytes, SystemClock().now_ms(), user, group)
        _write(folder, made, (user, group) if is_root else None)
    except (Misconfigured, OSError) as error:
        sys.stderr.write(f"env: {error}\n")
        return 1
    lines = [
        f"made {folder / '.env'}: addresses, folders, digests of passwords",
        *(f"made {folder / 'secrets' / name}" for name in sorted(made.files)),
        "Keep a copy where a thief of this machine is not. The password of Grafana's admin:",
        f"    cat {folder / 'secrets' / 'grafana_password'}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
