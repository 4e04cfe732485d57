"""
Previewing messages: the texts as receivers get them, for an example or for an alert that runs.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.alerting.door import DEFAULT_URL, TokenFile, Url, open_door
from services.cli.examples import examples
from services.runtime.errors import Misconfigured

app = typer.Typer()

__all__ = ["app"]


@app.command(
    epilog=examples(
        "sqm alerts preview",
        "sqm alerts preview --language lv --part short --templates deploy/templates",
        "sqm alerts preview --alert 'wait|queue:branch-1/tills' --config alerting.yaml",
    )
)
def preview(
    *,
    alert: Annotated[
        str | None, typer.Option("--alert", metavar="KEY", help="An alert of the running service, not the example.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="In which language: en, ru or lv; all, if not said.")
    ] = None,
    part: Annotated[
        str | None, typer.Option("--part", help="Which text: title, short, long or html; all but html, if not said.")
    ] = None,
    templates: Annotated[
        Path | None, typer.Option("--templates", metavar="FOLDER", help="Templates of your own.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Where what to do is written, by rule.")
    ] = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Show what messages say. A template that does not work is named, and ends with status 1.
    """
    # Imported here, so that --help answers at once.
    from domain.wording import LANGUAGES  # noqa: PLC0415
    from services.alerts.shell.notifiers import PARTS  # noqa: PLC0415
    from services.cli.alerting.reading import read_alerting  # noqa: PLC0415
    from services.cli.alerting.specimens import alert_of, previewed  # noqa: PLC0415

    for option, said, known in (("--language", language, LANGUAGES), ("--part", part, PARTS)):
        if said is not None and said not in known:
            raise Misconfigured(f"{option} {said[:40]!r}: write one of {', '.join(known)}")
    if templates is not None and not templates.is_dir():
        raise Misconfigured(f"--templates {templates}: there is no such folder")
    alerting = read_alerting(config)[0] if config is not None else None
    shown = alert_of(open_door(url, token_file).alert(alert)) if alert is not None else None
    parts = (part,) if part is not None else ("title", "short", "long")
    languages = (language,) if language is not None else LANGUAGES
    faults: list[str] = []
    for name in languages:
        texts, wrong = previewed(shown, name, templates, alerting)
        faults += wrong
        for one in parts:
            sys.stdout.write(f"== {name}, {one}\n{texts[one]}\n\n")
    for fault in sorted(set(faults)):
        sys.stderr.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)
