"""
Everything that Apprise speaks to: SMS, Telegram, Teams, Matrix and many more, by its URLs.

Where the address differs by person, `{to}` in the URL stands for it. Apprise makes its connections itself, in a thread:
we cannot choose the address that it connects to, so a service whose host the URL names (and one on this machine, like
the system's log) needs `private_addresses: true`; those whose host Apprise itself knows do not.
"""

import asyncio
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final
from urllib.parse import quote

import apprise

from schemas.base import Millis
from schemas.receivers import Apprise
from services.alerts.shell.notifiers.addresses import AddressFault
from services.alerts.shell.notifiers.message import Message, Texts
from services.alerts.shell.notifiers.posting import judge_status
from services.alerts.shell.notifiers.webhook import NO_ADDRESS
from services.runtime.errors import Rejected, Transient
from services.runtime.secrets import Secrets

__all__ = ["AppriseChannel", "AppriseFault", "body_for"]

_TO: Final = "{to}"
_THREADS: Final = 2
"""For each receiver of its own, so that one that hangs does not hold up others."""
_LOCAL: Final = frozenset({
    "blink1", "dbus", "glib", "gio", "gnome", "kde", "macosx", "qt", "syslog", "windows",
})  # fmt: skip
"""Services of this machine itself."""
_BRIEF: Final = 1_000
"""A service that takes no more characters than this is paid by the word."""
_STATUS: Final = re.compile(r"error=(\d{3})\b")
_TYPES: Final = {
    "info": apprise.NotifyType.INFO,
    "ticket": apprise.NotifyType.WARNING,
    "page": apprise.NotifyType.FAILURE,
}


class AppriseFault(StrEnum):
    """
    Why Apprise will never deliver a message.
    """

    BAD_ADDRESS = "bad_address"


class AppriseChannel:
    """
    Sends through one URL of Apprise.
    """

    def __init__(self, settings: Apprise, secrets: Secrets, timeout_ms: Millis) -> None:
        self._settings = settings
        self._secrets = secrets
        self._timeout_ms = timeout_ms
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="apprise")
        # Its lines have addresses with keys in them. What it says is looked at where it is called.
        logging.getLogger("apprise").propagate = False

    async def send(self, message: Message, _: set[str]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._notify, message)

    def _service(self, message: Message) -> apprise.NotifyBase:
        """
        Make Apprise's object for the URL; raises Rejected where there is none, or where it leads where it may not.
        """
        url, to = self._secrets.reveal(self._settings.url), message.notification.to
        if _TO in url:
            if to is None:
                raise Rejected(NO_ADDRESS, "the URL has {to} in it, and no person's contact says an address")
            if "/" in to:
                # Apprise takes quotes off before it takes a URL apart.
                raise Rejected(AppriseFault.BAD_ADDRESS, "the person's contact has a / in its address")
            url = url.replace(_TO, quote(to, safe=""))
        elif to is not None:
            raise Rejected(NO_ADDRESS, "the person's contact says an address, and the URL has no {to} for it")
        asset = apprise.AppriseAsset(app_id="sqm", http_redirects=False, async_mode=False)
        service = apprise.Apprise.instantiate(url, asset=asset)
        if service is None:
            raise Rejected(AppriseFault.BAD_ADDRESS, "it is no URL that Apprise knows")
        if not message.receiver.private_addresses and ("host" in service.template_tokens or service.schema in _LOCAL):
            problem = f"{service.schema}:// connects to a host that we cannot check; private_addresses: true allows it"
            raise Rejected(AddressFault.PRIVATE, problem)
        # Whatever the URL itself says about it.
        service.redirects = False
        service.socket_connect_timeout = service.socket_read_timeout = self._timeout_ms / 1_000
        return service

    def _notify(self, message: Message) -> None:
        """
        Deliver, in a thread: even knowing its own services takes Apprise a while at first.
        """
        service = self._service(message)
        said: list[str] = []
        sender = apprise.Apprise()
        sender.add(service)
        worst = message.alerts[0].severity if message.alerts else "info"
        over = message.notification.status == "resolved"
        delivered = sender.notify(
            title=message.texts.title,
            body=body_for(service, message.texts),
            notify_type=apprise.NotifyType.SUCCESS if over else _TYPES[worst],
            body_format=apprise.NotifyFormat.TEXT,
            timeout=self._timeout_ms / 1_000,
            log_callback=lambda entry, _: said.append(str(entry.message)),
        )
        if delivered:
            return
        # Its words may have its keys in them; only the status is taken from them.
        statuses = _STATUS.findall(" ".join(said))
        if statuses:
            judge_status(int(statuses[-1]), None, message.notification.at)
        raise Transient("Apprise could not deliver it")


def body_for(service: apprise.NotifyBase, texts: Texts) -> str:
    """
    Choose the text for a service: what is paid by the word gets few.
    """
    return texts.short if service.body_maxlen < _BRIEF else texts.long
