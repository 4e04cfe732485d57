"""
Notifiers: write a message in the reader's words and deliver it by mail, chat, webhook or whatever else people have.

    notification, alerts ──► Composer ──► Message ──► Deliveries ──► Channel ──► the receiver
                                                          └──► Delivery, the outcome
"""

from services.alerts.shell.notifiers.addresses import AddressFault, Resolve, system_resolve
from services.alerts.shell.notifiers.attempts import Failure
from services.alerts.shell.notifiers.channels import Channels
from services.alerts.shell.notifiers.composing import Composer
from services.alerts.shell.notifiers.lanes import GiveUp, Surroundings
from services.alerts.shell.notifiers.message import Channel, Message, Particulars, Texts
from services.alerts.shell.notifiers.posting import Poster
from services.alerts.shell.notifiers.queue import Deliveries, Limits, Queued
from services.alerts.shell.notifiers.texts import PARTS, TextWriter
from services.alerts.shell.notifiers.views import AlertView, view_of
from services.runtime.secrets import Secrets

__all__ = [
    "PARTS",
    "AddressFault",
    "AlertView",
    "Channel",
    "Channels",
    "Composer",
    "Deliveries",
    "Failure",
    "GiveUp",
    "Limits",
    "Message",
    "Particulars",
    "Poster",
    "Queued",
    "Resolve",
    "Secrets",
    "Surroundings",
    "TextWriter",
    "Texts",
    "system_resolve",
    "view_of",
]
