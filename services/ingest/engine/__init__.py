"""
The pure part of ingest: what is accepted, what it becomes, and why the rest is refused.
"""

from services.ingest.engine.admission import EVERY_SOURCE, Duplicate, Verdict, admit, within
from services.ingest.engine.modes import HTTP_PREFIX, KAFKA_PREFIX, Mode, binary_attributes, mode_of
from services.ingest.engine.normalise import Accepted, Policy, normalise, normalise_attributes, normalise_object
from services.ingest.engine.refusals import RefusalReason, Refused

__all__ = [
    "EVERY_SOURCE",
    "HTTP_PREFIX",
    "KAFKA_PREFIX",
    "Accepted",
    "Duplicate",
    "Mode",
    "Policy",
    "RefusalReason",
    "Refused",
    "Verdict",
    "admit",
    "binary_attributes",
    "mode_of",
    "normalise",
    "normalise_attributes",
    "normalise_object",
    "within",
]
