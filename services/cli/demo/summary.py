"""
The summary of a demo: what was sent, decided and stored, and every place where two counts of the same thing differ.

Pure: it compares counts that others have made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Comparison", "Counted", "Summary"]


class Comparison(NamedTuple):
    """
    Two counts of the same thing, which must be equal.
    """

    what: str
    here: int
    there: int

    @property
    def agrees(self) -> bool:
        return self.here == self.there


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
        return found

    def differences(self) -> list[Comparison]:
        return [one for one in self.comparisons() if not one.agrees]

    def text(self) -> str:
        """
        Write the summary for people.
        """
        truth, answers = self.truth, self.truth["answers"]
        faults = ", ".join(f"{count:,} {name}" for name, count in truth["faults"].items()) or "none"
        refused = ", ".join(f"{count:,} {name}" for name, count in answers["refused_by_reason"].items())
        lines = [
            "",
            "Summary",
            (
                f"  sent       {truth['reported']:>8,} events of {truth['journeys']:,} journeys; "
                f"{truth['never_sent']:,} more were lost on the way, as planned"
            ),
            f"  faults     {faults}",
            f"  accepted   {answers['accepted']:>8,} events; {answers['duplicates']:,} twice in one request, "
            f"{answers['refused']:,} refused" + (f" ({refused})" if refused else ""),
            f"  decided    {self.decided:>8,} events, lag {self.lag}",
            f"  verdicts   {self.topics.measurements:>8,} measurements",
        ]
        for (kind, state), count in sorted(self.topics.violations.items()):
            lines.append(f"  violations {count:>8,} {kind.replace('_', ' ')}, {state}")
        lines.append(f"  history    {self.history.events:>8,} events, {self.history.measurements:,} measurements")
        differing = self.differences()
        if differing:
            lines += ["", "These differ and should not:"]
            lines += [f"  {one.what}: {one.here:,} / {one.there:,}" for one in differing]
        else:
            lines += ["", f"All {len(self.comparisons())} comparisons agree: nothing was lost, nothing counted twice."]
        return "\n".join(lines)
