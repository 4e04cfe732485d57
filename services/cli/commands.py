"""
The commands of `sqm`: the name of each, the file that holds it, and the line that the overview says about it.

The text stands here and not in the commands, so that the overview is shown without importing any of them.
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["COMMANDS", "Command"]


@dataclass(frozen=True)
class Command:
    """
    One command as the overview shows it; `module` has an `app`, a Typer application with one command or several.
    """

    name: str
    summary: str
    group: str

    @property
    def module(self) -> str:
        return f"services.cli.{self.name}"


_TRY = "Try it"
_STANDARDS = "Standards"
_EVENTS = "Events"
_ANSWERS = "Verdicts and history"
_RUN = "Run it"

COMMANDS: Final = (
    Command("demo", "A whole line on this machine: broker, services, simulated customers, live view.", _TRY),
    Command("simulate", "Play a bank branch, a call centre and a drive-thru, and send their events.", _TRY),
    Command("replay", "Check files of past events against standards; no broker needed.", _TRY),
    Command("standards", "Validate, lint, compare, publish, retire, show and list standards.", _STANDARDS),
    Command("backtest", "Judge the past by proposed standards, beside those in force.", _STANDARDS),
    Command("calendar", "Count open time by a calendar, and say which days count.", _STANDARDS),
    Command("scenario", "Run a timeline of events and check its expected outcomes.", _STANDARDS),
    Command("metrics", "List the metrics that standards can be held to, by name.", _STANDARDS),
    Command("staffing", "Predict the service that a number of agents can give.", _STANDARDS),
    Command("load", "Send files of events into the line.", _EVENTS),
    Command("mqtt", "Turn MQTT messages of printers and sensors into events.", _EVENTS),
    Command("tail", "Follow a growing file, and send its events as they happen.", _EVENTS),
    Command("reconcile", "Compare an export with what arrived live, and add what was missing.", _EVENTS),
    Command("mapping", "Try a mapping on the first rows of a file.", _EVENTS),
    Command(
        "connector",
        "Begin, try and check connectors of other systems' webhooks, and map what they sent again.",
        _EVENTS,
    ),
    Command("tokens", "Create, list and revoke the tokens of source systems.", _EVENTS),
    Command("deadletters", "List, show and replay what was refused.", _EVENTS),
    Command("explain", "Say in plain words why one verdict is what it is.", _ANSWERS),
    Command("history", "Migrate and query the history of outcomes.", _ANSWERS),
    Command(
        "report", "Report a period: attainment, waits, violations, complaints, scorecard; also as a page.", _ANSWERS
    ),
    Command("alerts", "List and acknowledge alerts, silence them, try a configuration: who is told of what.", _ANSWERS),
    Command("agent", "Keep what tills send until ingest has it, on a shop's machine.", _RUN),
    Command("topics", "Save all topics to files, and bring them back on another cluster.", _RUN),
    Command("serve", "Start one of the services.", _RUN),
)
"""Every command, in the order of the overview."""
