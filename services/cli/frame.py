"""
The frame around all commands of `sqm`: finds the one that was named, imports only that, and turns errors into exit
statuses.

Statuses: 0 done; 1 the command worked and the answer is no (a refusal, a difference, an unknown id); 2 what was
asked cannot be done as it was asked, and the message says what to change; 3 the world was not ready, try again; 130
interrupted.
"""

import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TextIO

from schemas.spelling import meant
from services.cli.commands import COMMANDS, Command
from services.runtime.errors import Misconfigured, Rejected, Transient
from services.runtime.version import product_version

if TYPE_CHECKING:
    import typer

__all__ = ["ExitStatus", "main", "overview"]

_METAVARS: Final = {
    "<str>": "TEXT",
    "<list[str]>": "TEXT",
    "<path>": "PATH",
    "<list[Path]>": "PATH",
    "<int>": "N",
    "<int range>": "N",
}
"""What help calls the value of an option, by what the library calls it."""


class ExitStatus(IntEnum):
    """
    What the end of a command tells the shell that called it.
    """

    DONE = 0
    NO = 1
    MISCONFIGURED = 2
    NOT_READY = 3
    INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command that the arguments name (those of the process, if none are given) and return the exit status.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    garbled = next((word for word in words if not _is_text(word)), None)
    if garbled is not None:
        _say(
            f"sqm: {os.fsencode(garbled[:200])!r} is no text in UTF-8; type it, or name the file, in UTF-8", sys.stderr
        )
        return ExitStatus.MISCONFIGURED
    known = {command.name: command for command in COMMANDS if _is_there(command)}
    if not words or words[0] in {"--help", "-h", "help"}:
        _say(overview(known.values()), sys.stdout)
        return ExitStatus.DONE
    if words[0] in {"--version", "-V"}:
        _say(f"sqm {product_version()}", sys.stdout)
        return ExitStatus.DONE
    if words[0] not in known:
        _say(f"sqm: {_unknown(words[0], known)}", sys.stderr)
        return ExitStatus.MISCONFIGURED
    return _run(known[words[0]], words[1:])


def overview(commands: Iterable[Command]) -> str:
    """
    Write what `sqm --help` shows.
    """
    lines = [
        "Usage: sqm COMMAND [OPTIONS] …",
        "",
        "Checks service events against service standards, live, and says which standards hold.",
    ]
    for group, members in groupby(commands, key=lambda command: command.group):
        lines += ["", f"{group}:"]
        lines += [f"  {command.name:<12} {command.summary}" for command in members]
    lines += [
        "",
        "Examples:",
        "  sqm demo                                   see everything at work, for as long as you like",
        "  sqm standards validate deploy/demo         check what you wrote before anyone relies on it",
        "  sqm COMMAND --help                         more about one command, with examples",
        "",
        "Options:",
        "  --help     show this",
        "  --version  show the version",
    ]
    return "\n".join(lines)


def _is_text(word: str) -> bool:
    """
    Tell whether a word came as UTF-8: what did not cannot be shown, stored or asked for.
    """
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_there(command: Command) -> bool:
    return importlib.util.find_spec(command.module) is not None


def _unknown(word: str, known: Iterable[str]) -> str:
    return f"there is no command {word[:40]!r}; {meant(word, known, '`sqm --help` lists the commands.')}"


def _run(command: Command, words: list[str]) -> int:
    import typer.main  # noqa: PLC0415  (the overview must not wait for it; `typer` comes with it)

    # A command says in its own words what is wrong; what the library logs on top is for services, which ask for it.
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())
    try:
        application = importlib.import_module(command.module).app
        # Plain help: the boxes of the other style need twice the lines and half a second.
        application.rich_markup_mode = None
        program: Any = typer.main.get_command(application)
        _name_values(program)
        ended = program.main(args=words, prog_name=f"sqm {command.name}", standalone_mode=False)
        return ended if isinstance(ended, int) else ExitStatus.DONE
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else ExitStatus.DONE
    except typer.TyperException as error:
        _say(_misused(error, f"sqm {command.name}"), sys.stderr)
        return error.exit_code
    except typer.Abort:
        _say("nothing was done", sys.stderr)
        return ExitStatus.NO
    except Misconfigured as error:
        _say(f"sqm {command.name}: {error}", sys.stderr)
        return ExitStatus.MISCONFIGURED
    except Rejected as error:
        _say(f"sqm {command.name}: {error}", sys.stderr)
        return ExitStatus.NO
    except Transient as error:
        _say(f"sqm {command.name}: {error} (try again later)", sys.stderr)
        return ExitStatus.NOT_READY
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED


def _name_values(program: Any) -> None:  # noqa: ANN401  (the library's command, which may hold others)
    """
    Let help call values what people call them, where a command says nothing of its own.
    """
    import typer  # noqa: PLC0415  (as above)

    for one in program.params:
        said = one.display_type(typer.Context(program))
        # An argument is called by its own name, and needs no second one.
        word = "" if one.param_type_name == "argument" else _METAVARS.get(said, said)
        one.display_type = lambda _, word=word: word
    for inner in getattr(program, "commands", {}).values():
        _name_values(inner)


def _misused(error: "typer.TyperException", name: str) -> str:
    """
    Say in one line what is wrong with the words of a command; a group without a command shows its help instead.
    """
    from pydantic import ValidationError  # noqa: PLC0415  (as above)

    from services.runtime.faults import problem_of  # noqa: PLC0415  (as above)

    if isinstance(error.__cause__, ValidationError):
        error.message = problem_of(error.__cause__.errors(include_url=False)[0])
    said = error.format_message()
    if said.startswith("Usage:"):
        return said
    return f"{name}: {said[:1].lower()}{said[1:].rstrip('.')}; `{name} --help` says more"


def _say(text: str, stream: TextIO) -> None:
    stream.write(f"{text}\n")
    stream.flush()
