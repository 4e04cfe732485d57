"""
A mail server on loopback: a real SMTP conversation, with refusals as it is told.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class MailServer:
    """
    Keeps the mails that it took, each with the addresses that it took it for.
    """

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.refusals: dict[str, str] = {}
        """What it says to an address, instead of taking it."""
        self.after_data = "250 OK"
        self.logins: list[tuple[str, str, bool]] = []
        """Who logged in, with what, and whether the way was protected."""

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - same
        assert isinstance(envelope.content, bytes)
        if self.after_data.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append((list(envelope.rcpt_tos), mail))
        return self.after_data

    def log_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode(), session.ssl is not None))
        return AuthResult(success=data.password == b"right", handled=False)


@asynccontextmanager
async def mail_server(
    *, starttls: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None, login: bool = False
) -> AsyncIterator[MailServer]:
    """
    Run one on a free port of this machine; with `login` who does not log in is turned away.
    """
    kept = MailServer()
    loop = asyncio.get_running_loop()

    conversations: list[SMTP] = []

    def conversation() -> SMTP:
        made = SMTP(
            kept,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=login,
            auth_require_tls=starttls is not None,
            authenticator=kept.log_in if login else None,
            loop=loop,
        )
        conversations.append(made)
        return made

    server = await loop.create_server(conversation, "127.0.0.1", 0, ssl=implicit)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        await server.wait_closed()
        for one in conversations:
            if isinstance(one.transport, asyncio.WriteTransport):
                one.transport.abort()
        # What was aborted is closed in the loop's next turns.
        for _ in range(3):
            await asyncio.sleep(0)
