"""
Mail: a message in plain text and HTML over SMTP, which a mail client shows in one thread with the others of its group.

`Message-ID` is made of the notification's id, so a mail server or a client that gets a copy can tell; `In-Reply-To` and
`References` name a message that was never sent, the same for the whole group, which clients take for its beginning.
"""

import asyncio
import hashlib
import re
import socket
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import StrEnum
from typing import Final

import aiosmtplib

from schemas.base import from_millis
from schemas.receivers import MAIL, Email
from services.alerts.shell.notifiers.addresses import Resolve, checked_addresses
from services.alerts.shell.notifiers.harmless import one_line
from services.alerts.shell.notifiers.message import Message
from services.alerts.shell.notifiers.webhook import NO_ADDRESS
from services.runtime.errors import Rejected, Transient, Unreachable
from services.runtime.secrets import Secrets

__all__ = ["MailChannel", "MailFault", "mail_of"]

_CONNECT_SECONDS: Final = 3.0
_SUBJECT: Final = 200
_PERMANENT: Final = 500
"""From here on a reply of SMTP says that the same will never do (RFC 5321, 4.2.1)."""
_AUTHENTICATION: Final = (530, 534, 535, 538)
"""Those of them that somebody can do something about: the message itself is well."""


class MailFault(StrEnum):
    """
    Why a mail server will never take a message.
    """

    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"


class MailChannel:
    """
    Sends through one mail server.
    """

    def __init__(self, email: Email, resolve: Resolve, context: ssl.SSLContext, secrets: Secrets) -> None:
        self._email = email
        self._resolve = resolve
        self._context = context
        self._secrets = secrets

    async def send(self, message: Message, reached: set[str]) -> str | None:
        to = (message.notification.to,) if message.notification.to else self._email.to
        if not to:
            raise Rejected(NO_ADDRESS, "neither the receiver nor the person's contact says an address")
        # Before there is a connection: an address that is none must not cost an attempt.
        mail = mail_of(message, self._email, to)
        client = await self._connected(private=message.receiver.private_addresses)
        try:
            return await self._deliver(client, mail, [one for one in to if one not in reached], reached)
        except aiosmtplib.SMTPException as error:
            raise _translated(error) from None
        finally:
            client.close()

    async def _connected(self, *, private: bool) -> aiosmtplib.SMTP:
        email = self._email
        password = self._secrets.reveal(email.password) if email.password else None
        client = aiosmtplib.SMTP(
            hostname=email.host,
            use_tls=email.tls == "implicit",
            start_tls=email.tls == "starttls",
            username=email.user,
            password=password,
            tls_context=self._context,
            # The library would ask the machine's resolver for its own name.
            local_hostname=email.sender.rpartition("@")[2],
            timeout=None,
        )
        connection = await self._connection(private=private)
        try:
            # From here on the socket is the library's, which closes it.
            await client.connect(sock=connection)
        except aiosmtplib.SMTPException as error:
            raise _translated(error) from None
        except (OSError, ValueError) as error:
            # The handshake of TLS: the name is not the certificate's, or it is no TLS at all.
            raise Unreachable(f"no protected connection: {type(error).__name__}") from None
        return client

    async def _connection(self, *, private: bool) -> socket.socket:
        """
        Connect to an address that was checked.
        """
        email = self._email
        addresses = await checked_addresses(email.host, email.port, private=private, resolve=self._resolve)
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.setblocking(False)  # noqa: FBT003 - the standard library's
            try:
                connecting = asyncio.get_running_loop().sock_connect(connection, (address, email.port))
                await asyncio.wait_for(connecting, _CONNECT_SECONDS)
            except OSError:
                connection.close()
            except BaseException:
                # Whatever ends the attempt, an open socket must not stay behind; it goes on to the caller.
                connection.close()
                raise
            else:
                return connection
        raise Unreachable("no connection to the mail server")

    @staticmethod
    async def _deliver(client: aiosmtplib.SMTP, mail: EmailMessage, to: Sequence[str], reached: set[str]) -> str | None:
        """
        Hand the mail over for those whom it has not reached; some may be refused for good, and others for now.
        """
        try:
            refused, _ = await client.send_message(mail, recipients=list(to))
            codes = {address: response.code for address, response in refused.items()}
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = {one.recipient: one.code for one in error.recipients}
        reached.update(one for one in to if one not in codes)
        if later := [one for one, code in codes.items() if code < _PERMANENT]:
            raise Transient(f"the mail server takes nothing for {len(later)} of {len(to)} addresses for now")
        if len(codes) == len(to) and not reached:
            raise Rejected(MailFault.REFUSED, f"the mail server refuses every address: {min(codes.values())}")
        return f"the mail server refuses {len(codes)} of the addresses" if codes else None


def mail_of(message: Message, email: Email, to: Sequence[str]) -> EmailMessage:
    """
    Write a mail; raises Rejected where an address is none.
    """
    notification, texts = message.notification, message.texts
    domain = email.sender.rpartition("@")[2]
    thread = f"<group.{_digest(f'{message.receiver.id} {notification.group}')}@{domain}>"
    if not all(re.fullmatch(MAIL, one) for one in to):
        raise Rejected(MailFault.BAD_ADDRESS, "an address is no mail address")
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = email.sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = one_line(texts.title, _SUBJECT)
    mail["Date"] = format_datetime(from_millis(notification.at))
    mail["Message-ID"] = f"<alert.{_digest(notification.id)}@{domain}>"
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    # No absence note answers what says this (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(texts.long)
    mail.add_alternative(texts.html, subtype="html")
    # After the parts, which would take it for their own.
    mail["Content-Language"] = notification.language
    return mail


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _translated(error: aiosmtplib.SMTPException) -> Transient | Rejected:
    """
    Say what can be done about an error. Without the server's words, which may repeat what it was told.
    """
    if isinstance(error, aiosmtplib.SMTPResponseException):
        said = f"the mail server answered {error.code}"
        if error.code >= _PERMANENT and error.code not in _AUTHENTICATION:
            return Rejected(MailFault.REFUSED, said)
        return Transient(said)
    return Unreachable(f"the mail server cannot be reached: {type(error).__name__}")
