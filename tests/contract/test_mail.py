"""
Mail through a real SMTP server: threads, copies, protection, refusals.
"""

import ssl

import pytest

from schemas.receivers import Receiver
from services.alerts.shell.notifiers import Message, Particulars, Secrets
from services.alerts.shell.notifiers.addresses import AddressFault
from services.alerts.shell.notifiers.mail import MailChannel, MailFault
from services.alerts.shell.notifiers.webhook import NO_ADDRESS
from services.runtime.errors import Misconfigured, Rejected, Transient, Unreachable
from tests.fakes.alert_messages import alert, message, over, receiver
from tests.fakes.http_receiver import client_context, http_receiver, server_context
from tests.fakes.mail_server import MailServer, mail_server
from tests.fakes.resolving import Answers


def by_mail(server: MailServer, *to: str, **different: object) -> Receiver:
    email = {
        "host": "mail.test",
        "port": server.port,
        "tls": "none",
        "from": "sqm@shop.example",
        "to": to or ("floor@shop.example",),
    }
    return receiver({"email": {**email, **different}})


async def send(one: Message, reached: set[str] | None = None, context: ssl.SSLContext | None = None) -> str | None:
    assert one.receiver.email is not None
    secrets = Secrets({"SQM_SECRET_RIGHT": "right", "SQM_SECRET_WRONG": "wrong-password"})
    channel = MailChannel(one.receiver.email, Answers("127.0.0.1"), context or client_context(), secrets)
    return await channel.send(one, set() if reached is None else reached)


async def test_a_mail_says_the_message_in_text_and_html_and_answers_to_no_machine() -> None:
    async with mail_server() as server:
        one = message(
            through=by_mail(server), language="ru", about=Particulars(standard="Ждать не дольше 5 минут – «быстро»")
        )
        assert await send(one) is None
    ((to, mail),) = server.mails
    assert to == ["floor@shop.example"]
    assert mail["Subject"] == one.texts.title
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "ru"
    assert str(mail["Date"]) == "Mon, 02 Feb 2026 02:40:00 +0000"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split("\r\n")[:-1] == one.texts.long.splitlines()
    assert "Ждать не дольше" in html.get_content()


async def test_mails_of_a_group_are_one_thread_and_a_copy_has_the_same_id() -> None:
    first, again = alert(), over(alert())
    async with mail_server() as server:
        to = by_mail(server)
        await send(message(first, through=to, id="floor/a@1"))
        await send(message(first, through=to, id="floor/a@1"))
        await send(message(again, through=to, id="floor/a@2"))
        await send(message(first, through=to, id="floor/b@1", group="another"))
    mails = [mail for _, mail in server.mails]
    ids = [mail["Message-ID"] for mail in mails]
    threads = [mail["References"] for mail in mails]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert threads[0] == threads[1] == threads[2] != threads[3]
    assert [mail["In-Reply-To"] for mail in mails] == threads
    assert all(one.startswith("<") and one.endswith("@shop.example>") for one in [*ids, *threads])


async def test_names_with_line_ends_make_no_header() -> None:
    about = Particulars(standard="Waits\r\nBcc: everybody@shop.example\r\n\r\nbody")
    async with mail_server() as server:
        await send(message(through=by_mail(server), about=about))
    ((to, mail),) = server.mails
    assert to == ["floor@shop.example"]
    assert mail["Bcc"] is None
    assert "Waits Bcc: everybody@shop.example body" in mail["Subject"]


async def test_a_person_s_mail_goes_to_the_person_alone() -> None:
    async with mail_server() as server:
        await send(message(through=by_mail(server), person="anna", to="anna@shop.example"))
    assert [to for to, _ in server.mails] == [["anna@shop.example"]]


@pytest.mark.parametrize(
    "address", ["nobody", "a@b\r\nBcc: c@d", "", "a@b.example, c@d.example", "<@>", "a b@c.example"]
)
async def test_an_address_that_is_none_is_refused_before_there_is_a_connection(address: str) -> None:
    async with mail_server() as server:
        one = message(through=by_mail(server))
        bad = one.notification.model_copy(update={"to": address or " "})
        with pytest.raises(Rejected) as caught:
            await send(Message(**{**{name: getattr(one, name) for name in Message.__slots__}, "notification": bad}))
    assert caught.value.reason == MailFault.BAD_ADDRESS
    assert server.mails == []


async def test_a_receiver_without_any_address_is_named() -> None:
    async with mail_server() as server:
        to = receiver({"email": {"host": "mail.test", "port": server.port, "tls": "none", "from": "sqm@shop.example"}})
        with pytest.raises(Rejected) as caught:
            await send(message(through=to))
    assert caught.value.reason == NO_ADDRESS


async def test_who_is_refused_for_now_is_tried_again_and_the_others_get_it_once() -> None:
    reached: set[str] = set()
    async with mail_server() as server:
        one = message(through=by_mail(server, "a@shop.example", "b@shop.example", "c@shop.example"))
        server.refusals = {"b@shop.example": "451 greylisted", "c@shop.example": "550 gone"}
        with pytest.raises(Transient, match="1 of 3 addresses for now"):
            await send(one, reached)
        server.refusals.pop("b@shop.example")
        assert await send(one, reached) == "the mail server refuses 1 of the addresses"
    assert [to for to, _ in server.mails] == [["a@shop.example"], ["b@shop.example"]]


@pytest.mark.parametrize(
    ("refusal", "error"), [("550 no such user", Rejected), ("452 full", Transient)], ids=["for good", "for now"]
)
async def test_a_server_that_refuses_every_address_is_believed(refusal: str, error: type[Exception]) -> None:
    async with mail_server() as server:
        server.refusals = {"floor@shop.example": refusal}
        with pytest.raises(error):
            await send(message(through=by_mail(server)))


@pytest.mark.parametrize(
    ("answer", "error"), [("554 spam", Rejected), ("451 later", Transient)], ids=["for good", "for now"]
)
async def test_what_the_server_says_to_the_message_decides(answer: str, error: type[Exception]) -> None:
    async with mail_server() as server:
        server.after_data = answer
        with pytest.raises(error, match=f"the mail server answered {answer[:3]}"):
            await send(message(through=by_mail(server)))


async def test_starttls_is_insisted_on_and_its_certificate_must_be_for_the_server_s_name() -> None:
    async with mail_server(starttls=server_context()) as server:
        await send(message(through=by_mail(server, tls="starttls")))
        with pytest.raises(Unreachable):
            await send(message(through=by_mail(server, tls="starttls", host="other.test")))
        with pytest.raises(Unreachable):
            await send(message(through=by_mail(server, tls="starttls")), context=ssl.create_default_context())
    async with mail_server() as bare:
        with pytest.raises(Unreachable):
            await send(message(through=by_mail(bare, tls="starttls")))
    assert (len(server.mails), len(bare.mails)) == (1, 0)


async def test_tls_from_the_beginning_is_checked_in_the_same_way() -> None:
    async with mail_server(implicit=server_context()) as server:
        await send(message(through=by_mail(server, tls="implicit")))
        with pytest.raises(Unreachable):
            await send(message(through=by_mail(server, tls="implicit", host="other.test")))
    assert len(server.mails) == 1


async def test_who_logs_in_does_so_over_the_protected_way_and_a_wrong_password_can_be_mended() -> None:
    async with mail_server(starttls=server_context(), login=True) as server:
        await send(message(through=by_mail(server, tls="starttls", user="sqm", password="RIGHT")))
        with pytest.raises(Transient, match="535") as caught:
            await send(message(through=by_mail(server, tls="starttls", user="sqm", password="WRONG")))
        with pytest.raises(Misconfigured, match="SQM_SECRET_GONE"):
            await send(message(through=by_mail(server, tls="starttls", user="sqm", password="GONE")))
    assert server.logins[0] == ("sqm", "right", True)
    assert set(server.logins[1:]) == {("sqm", "wrong-password", True)}
    assert "wrong-password" not in str(caught.value)


async def test_a_server_in_a_private_network_gets_nothing_unless_it_is_allowed() -> None:
    async with mail_server() as server:
        to = by_mail(server).model_copy(update={"private_addresses": False})
        with pytest.raises(Rejected) as caught:
            await send(message(through=to))
    assert caught.value.reason == AddressFault.PRIVATE


async def test_nobody_at_the_port_or_somebody_who_speaks_otherwise_is_unreachable(free_port: int) -> None:
    nobody = MailServer()
    nobody.port = free_port
    with pytest.raises(Unreachable, match="no connection to the mail server"):
        await send(message(through=by_mail(nobody)))
    async with http_receiver() as web:
        nobody.port = web.port
        with pytest.raises(Unreachable):
            await send(message(through=by_mail(nobody, tls="implicit")))
