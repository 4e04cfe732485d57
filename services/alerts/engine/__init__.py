"""
The engine: violations, commands and a clock go in; alerts, messages and notes come out. It never reads a clock, a file,
a socket or a random number.
"""

from services.alerts.engine.book import Book
from services.alerts.engine.desk import Changed, Decided, Desk
from services.alerts.engine.desk_state import DeskState
from services.alerts.engine.faults import alerting_faults
from services.alerts.engine.inputs import Violation, decode_violation, violation_of
from services.alerts.engine.lifecycle import Given, Lifecycles, Seen, Transitions
from services.alerts.engine.muting import Muted, would_mute
from services.alerts.engine.on_call import OnCall, Shift, on_call, shifts
from services.alerts.engine.outcomes import Alert, Note, Notification, Reason
from services.alerts.engine.quiet import Quiet
from services.alerts.engine.reaching import Reached, recipients_of
from services.alerts.engine.rights import Role, may
from services.alerts.engine.saving import Saver, restored
from services.alerts.engine.telling import Sent

__all__ = [
    "Alert",
    "Book",
    "Changed",
    "Decided",
    "Desk",
    "DeskState",
    "Given",
    "Lifecycles",
    "Muted",
    "Note",
    "Notification",
    "OnCall",
    "Quiet",
    "Reached",
    "Reason",
    "Role",
    "Saver",
    "Seen",
    "Sent",
    "Shift",
    "Transitions",
    "Violation",
    "alerting_faults",
    "decode_violation",
    "may",
    "on_call",
    "recipients_of",
    "restored",
    "shifts",
    "violation_of",
    "would_mute",
]
