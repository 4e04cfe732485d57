"""
The summary of a demo: what was sent, decided and stored, and every place where two counts of the same thing differ.

Pure: it compares counts that others have made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.cli.demo.alert_counts import AlertCounts, Comparison

__all__ = ["Counted", "Summary"]

_KINDS: Final = {"at_risk": "at risk", "journey": "of a limit by one journey"}


@dataclass(frozen=True)
class Counted:
    """
    What stands in the topics, or in history: the same things counted in two places.
    """

    events: int
    measurements: int
    violations: Mapping[tuple[str, str], int]
    """By kind and state."""
    sums: Mapping[tuple[str, int], tuple[int, int]]
    """(good, total) by standard and version."""
    dead_letters: int


@dataclass(frozen=True)
class Summary:
    """
    Everything that is known when the line has come to rest.
    """

    truth: Mapping[str, Any]
    """What the simulator wrote down."""
    records: int
    """On the topic of events, copies included."""
    decided: int
    lag: int
    topics: Counted
    history: Counted
    alerts: AlertCounts

    def comparisons(self) -> list[Comparison]:
        answers = self.truth["answers"]
        sent = answers["accepted"] + answers["duplicates"] + answers["refused"]
        found = [
            Comparison("events that the simulator sent / that ingest answered for", self.truth["reported"], sent),
            Comparison("events on the topic / decided by the worker", self.records, self.decided),
            Comparison("different events on the topic / in history", self.topics.events, self.history.events),
            Comparison("measurements on the topic / in history", self.topics.measurements, self.history.measurements),
            Comparison("dead letters on the topic / in history", self.topics.dead_letters, self.history.dead_letters),
        ]
        if not answers["repeated_requests"]:
            # A request whose answer was lost is sent again, and its events are then there twice, as they may be.
            found.insert(1, Comparison("events accepted by ingest / on the topic", answers["accepted"], self.records))
        for key in sorted({*self.topics.violations, *self.history.violations}):
            kind, state = key
            found.append(
                Comparison(
                    f"violations ({kind}, {state}) on the topic / in history",
                    self.topics.violations.get(key, 0),
                    self.history.violations.get(key, 0),
                )
            )
        for promise in sorted({*self.topics.sums, *self.history.sums}):
            here, there = self.topics.sums.get(promise, (0, 0)), self.history.sums.get(promise, (0, 0))
            name = f"{promise[0]}@{promise[1]}"
            found.append(Comparison(f"{name}: kept, from the topic / from history", here[0], there[0]))
            found.append(Comparison(f"{name}: counted, from the topic / from history", here[1], there[1]))
        return [*found, *self.alerts.comparisons]

    def differences(self) -> list[Comparison]:
        return [one for one in self.comparisons() if not one.agrees]

    def text(self) -> str:
        """
        Write the summary for people.
        """
        truth, answers = self.truth, self.truth["answers"]
        faults = ", ".join(f"{count:,} {name}" for name, count in truth["faults"].items()) or "none"
        refused = ", ".join(f"{count:,} {name}" for name, count in answers["refused_by_reason"].items())
        copies = self.records - self.topics.events
        lines = ["", "Summary"]
        lines += [
            f"  {name:<10} {count:>8,}  {more}"
            for name, count, more in (
                ("sent", truth["reported"], f"events of {truth['journeys']:,} journeys"),
                ("lost", truth["never_sent"], "more that were never sent, as planned"),
                ("accepted", answers["accepted"], "events"),
                ("duplicate", answers["duplicates"], "that came twice in one request"),
                ("refused", answers["refused"], f"events{f': {refused}' if refused else ''}"),
                ("decided", self.decided, f"events, {self.lag:,} still to decide"),
                ("history", self.history.events, f"different events; {copies:,} more were copies sent later"),
                ("verdicts", self.topics.measurements, "measurements"),
                *(
                    ("violations", count, f"{_KINDS.get(kind, kind)}, {state}")
                    for (kind, state), count in sorted(self.topics.violations.items())
                ),
                ("alerts", self.alerts.raised, "raised"),
                ("told", self.alerts.told, f"alerts, in {self.alerts.messages:,} messages"),
                ("taken", self.alerts.taken, "alerts were acknowledged"),
                (
                    "escalated",
                    self.alerts.escalated,
                    f"alerts to the next one; {self.alerts.unanswered:,} went unanswered to the end",
                ),
                ("over", self.alerts.over, "alerts were over in the end"),
            )
        ]
        lines.append(f"  faults played: {faults}")
        differing = self.differences()
        if differing:
            lines += ["", "These differ and should not:"]
            lines += [f"  {one.what}: {one.here:,} / {one.there:,}" for one in differing]
        else:
            lines += ["", f"All {len(self.comparisons())} comparisons agree: nothing was lost, nothing counted twice."]
        return "\n".join(lines)
