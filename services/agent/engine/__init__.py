"""
What the agent decides, without a clock, a file, a socket or a random number.

    arrivals     what a till sent ──► records to keep, each answered for
    records      what is kept, and how much room it takes
    answers      what ingest said ──► done, dead, or again later
    pace         when to try again, and how much at once
    skew         how far this machine's clock is from the server's
    heartbeat    the sign of life that says both
"""

from services.agent.engine.answers import Answer, Meaning, Settled, Smaller, Verdict, Wait, WaitReason, meaning_of
from services.agent.engine.arrivals import Arrival, ArrivalReason, Form, Kept, Refused, Twice, arrivals, form_of
from services.agent.engine.heartbeat import heartbeat
from services.agent.engine.pace import Pace
from services.agent.engine.records import DeadLetter, Lane, Record, Waiting, forwarded_headers, kept_headers
from services.agent.engine.skew import ClockCheck, Skew

__all__ = [
    "Answer",
    "Arrival",
    "ArrivalReason",
    "ClockCheck",
    "DeadLetter",
    "Form",
    "Kept",
    "Lane",
    "Meaning",
    "Pace",
    "Record",
    "Refused",
    "Settled",
    "Skew",
    "Smaller",
    "Twice",
    "Verdict",
    "Wait",
    "WaitReason",
    "Waiting",
    "arrivals",
    "form_of",
    "forwarded_headers",
    "heartbeat",
    "kept_headers",
    "meaning_of",
]
