"""
`sqm scenario run`: plays timelines of events and checks what must follow from them.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.examples import examples
from services.runtime.errors import Misconfigured, Rejected

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Run a timeline of events and check its outcomes.")


@app.callback()
def _scenario() -> None:
    """
    Timelines that say what must follow from what.
    """


@app.command(
    epilog=examples(
        "sqm scenario run tests/scenarios/limit-itself-keeps-the-promise.yaml",
        "sqm scenario run tests/scenarios/",
    )
)
def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Scenario files, or folders of them.")],
) -> None:
    """
    Play each scenario on the engine and say whether everything came as expected.
    """
    # The engine is loaded here, so that --help answers at once.
    from services.cli.scenarios import run_file  # noqa: PLC0415

    failed = 0
    found = [one for file in files for one in _scenarios_of(file)]
    for file in found:
        differing = run_file(file)
        failed += bool(differing)
        sys.stdout.write(f"{'FAILED' if differing else 'ok':<7}{file.stem.replace('-', ' ')}\n")
        for line in differing:
            sys.stdout.write(f"       {line}\n")
    if failed:
        raise Rejected("scenario_failed", f"{failed} of {len(found)} scenario(s) did not come out as expected")
    sys.stdout.write(f"{len(found)} scenario(s) came out as expected\n")


def _scenarios_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.yaml"))
    if not found:
        raise Misconfigured(f"{path}: holds no .yaml file; name a scenario, or the folder in which they lie")
    return found
