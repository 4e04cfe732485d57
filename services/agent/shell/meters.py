"""
What the agent tells Prometheus, by the names in the catalogue of metrics.
"""

from enum import StrEnum

from schemas import metrics as catalogue
from services.agent.engine import Lane, WaitReason
from services.runtime.metrics import Metrics, UpTo

__all__ = ["Meters", "RefusedFor"]

_REASONS = 50


class RefusedFor(StrEnum):
    """
    Why something was not kept; also in the answer and the log.
    """

    BACKLOG = "backlog_full"
    """The bound is reached: the oldest is kept, the newest refused."""
    DISK = "disk_full"


class Meters:
    """
    Every figure of the agent, registered once.
    """

    def __init__(self, metrics: Metrics) -> None:
        self.exposition = metrics.exposition
        self.kept = metrics.counter(catalogue.AGENT_KEPT.short, catalogue.AGENT_KEPT.help, {"lane": Lane})
        self.refused = metrics.counter(
            catalogue.AGENT_REFUSED.short, catalogue.AGENT_REFUSED.help, {"reason": RefusedFor}
        )
        self.forwarded = metrics.counter(
            catalogue.AGENT_FORWARDED.short, catalogue.AGENT_FORWARDED.help, {"lane": Lane}
        )
        self.failures = metrics.counter(
            catalogue.AGENT_FAILURES.short, catalogue.AGENT_FAILURES.help, {"reason": WaitReason}
        )
        self.dead = metrics.counter(catalogue.AGENT_DEAD.short, catalogue.AGENT_DEAD.help, {"reason": UpTo(_REASONS)})
        self.waiting = metrics.gauge(catalogue.AGENT_WAITING.short, catalogue.AGENT_WAITING.help, {"lane": Lane})
        self.waiting_bytes = metrics.gauge(catalogue.AGENT_BYTES.short, catalogue.AGENT_BYTES.help)
        self.bound = metrics.gauge(catalogue.AGENT_BOUND.short, catalogue.AGENT_BOUND.help)
        self.oldest = metrics.gauge(catalogue.AGENT_OLDEST.short, catalogue.AGENT_OLDEST.help)
        self.skew = metrics.gauge(catalogue.AGENT_SKEW.short, catalogue.AGENT_SKEW.help)
