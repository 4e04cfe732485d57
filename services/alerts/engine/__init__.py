"""
The engine: violations, commands and a clock go in; alerts, messages and notes come out. It never reads a clock, a file,
a socket or a random number.

    inputs, labels              what comes in, and what rules, routes and silences ask of it
    book, rules, routing        what was configured, compiled
    lifecycle                   violations and commands ──► transitions of alerts, each by `life`: `taking` a violation,
                                `obeying` a command
    desk                        transitions and commands ──► messages:
      groups, attending         what is news to whom, and when it is told
      escalating, reaching,     who is next, by which contact, who is on call
      on_call
      orders, quiet, recurring  silences and stand-ins that hold; `inhibition`: which alerts mute which
      telling, bearing          messages, within what a person can bear
    outcomes                    what goes out: alerts, messages, notes with their reasons
    saving, desk_state          the state of both, part by part
    faults, muting, rights      questions beforehand: is it sound, what would it mute, who may
    breaker, ack_links          for the notifiers: when not to try, signed links
"""

from services.alerts.engine.book import Book
from services.alerts.engine.desk import Changed, Decided, Desk
from services.alerts.engine.desk_state import DeskState
from services.alerts.engine.faults import alerting_faults
from services.alerts.engine.inputs import Violation, decode_violation
from services.alerts.engine.lifecycle import Given, Lifecycles, Received, Transitions
from services.alerts.engine.muting import Muted, would_mute
from services.alerts.engine.on_call import OnCall, Shift, on_call, shifts
from services.alerts.engine.outcomes import Alert, Note, Notification, Reason
from services.alerts.engine.quiet import Quiet
from services.alerts.engine.reaching import Reached, recipients_of
from services.alerts.engine.rights import Role, may, needed_to_obey, needed_to_publish
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
    "Received",
    "Role",
    "Saver",
    "Sent",
    "Shift",
    "Transitions",
    "Violation",
    "alerting_faults",
    "decode_violation",
    "may",
    "needed_to_obey",
    "needed_to_publish",
    "on_call",
    "recipients_of",
    "restored",
    "shifts",
    "would_mute",
]
