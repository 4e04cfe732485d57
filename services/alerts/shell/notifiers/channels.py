"""
Makes the channel of a receiver.
"""

import ssl

from schemas.receivers import Receiver
from services.alerts.shell.notifiers.addresses import Resolve
from services.alerts.shell.notifiers.alertmanager import AlertmanagerChannel
from services.alerts.shell.notifiers.chat import ChatChannel
from services.alerts.shell.notifiers.mail import MailChannel
from services.alerts.shell.notifiers.message import Channel
from services.alerts.shell.notifiers.others import AppriseChannel
from services.alerts.shell.notifiers.pagerduty import PagerDutyChannel
from services.alerts.shell.notifiers.posting import Poster
from services.alerts.shell.notifiers.webhook import WebhookChannel
from services.runtime.clock import Clock
from services.runtime.secrets import Secrets

__all__ = ["Channels"]


class Channels:
    """
    Makes channels; `resolve` looks names up, and `context` checks certificates.
    """

    def __init__(self, *, secrets: Secrets, clock: Clock, resolve: Resolve, context: ssl.SSLContext) -> None:
        self._secrets = secrets
        self._clock = clock
        self._resolve = resolve
        self._context = context
        self._poster = Poster(resolve, context, keeps=True)

    def of(self, receiver: Receiver) -> Channel:
        """
        Return a channel to a receiver.
        """
        posting = (self._poster, self._secrets, self._clock)
        if receiver.webhook is not None:
            return WebhookChannel(receiver.webhook, *posting)
        if receiver.email is not None:
            return MailChannel(receiver.email, self._resolve, self._context, self._secrets)
        if receiver.chat is not None:
            return ChatChannel(receiver.chat, *posting)
        if receiver.alertmanager is not None:
            return AlertmanagerChannel(receiver.alertmanager, *posting)
        if receiver.pagerduty is not None:
            return PagerDutyChannel(receiver.pagerduty, *posting)
        if receiver.apprise is not None:
            return AppriseChannel(receiver.apprise, self._secrets, receiver.delivery.timeout)
        raise AssertionError(receiver.id)  # its contract says that it is of one kind

    async def close(self) -> None:
        """
        Close the connections that wait for the next message, when none is being delivered.
        """
        await self._poster.close()
