"""
A real MQTT broker and our subscription: what is not acknowledged comes again, over ends of ours and of the broker's.
"""

import gc
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.mqtt import Broker, Message, Subscription, read_broker
from tests.fakes.http_receiver import CERTIFICATE
from tests.fakes.mosquitto import PASSWORD, USER, RunningMosquitto, running_mosquitto, subscribed
from tests.fakes.waiting import wait_until

TOPICS = ["branch/+/printer"]
CONNECT, SUBSCRIBE = 0x10, 0x82
CONNECTED = bytes([0x20, 3, 0, 0, 0])
"""First bytes of packets, and the broker's consent to a connection, as MQTT 5 writes them (sections 2.1, 3.2)."""


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[RunningMosquitto]:
    with running_mosquitto(tmp_path) as running:
        yield running


def here(mosquitto: RunningMosquitto) -> Broker:
    return read_broker(f"mqtt://127.0.0.1:{mosquitto.port}", None, None)


def taken(subscription: Subscription, count: int) -> list[Message]:
    found: list[Message] = []

    def enough() -> bool:
        found.extend(subscription.take(count - len(found), 0.2))
        return len(found) == count

    wait_until(enough, f"{count} messages")
    return found


def read_packet(coming: BinaryIO) -> tuple[int, bytes]:
    """
    One packet of fewer than 128 bytes, as its kind and its body.
    """
    kind, length = coming.read(2)
    return kind, coming.read(length)


def texts(messages: list[Message]) -> list[str]:
    return [message.payload.decode() for message in messages]


def tickets(first: int, last: int) -> list[tuple[str, str]]:
    return [("branch/riga-1/printer", str(number)) for number in range(first, last)]


def test_what_is_acknowledged_is_over_and_what_is_not_comes_again(mosquitto: RunningMosquitto) -> None:
    with subscribed(here(mosquitto), TOPICS) as one:
        wait_until(lambda: one.is_subscribed, "a subscription")
        mosquitto.publish(*tickets(0, 5))
        messages = taken(one, 5)
        assert texts(messages) == ["0", "1", "2", "3", "4"]
        assert {message.topic for message in messages} == {"branch/riga-1/printer"}
        one.acknowledge(messages[:2])
    mosquitto.publish(*tickets(5, 7), ("branch/riga-1/desk", "not subscribed"))
    with subscribed(here(mosquitto), TOPICS) as again:
        messages = taken(again, 5)
        assert texts(messages) == ["2", "3", "4", "5", "6"]
        again.acknowledge(messages)
    with subscribed(here(mosquitto), TOPICS) as last:
        wait_until(lambda: last.is_subscribed, "a subscription")
        assert last.take(10, 0.2) == []


def test_a_broker_that_goes_away_and_comes_back_has_kept_what_was_not_acknowledged(
    mosquitto: RunningMosquitto,
) -> None:
    with subscribed(here(mosquitto), TOPICS) as one:
        wait_until(lambda: one.is_subscribed, "a subscription")
        mosquitto.publish(*tickets(0, 3))
        before = taken(one, 3)
        one.acknowledge(before[:1])
        wait_until(lambda: mosquitto.acknowledged(before[0]), "what was acknowledged first")
        mosquitto.stop()
        mosquitto.start()
        after = taken(one, 2)
        assert texts(after) == ["1", "2"]
        # Of a connection that is gone: what came with it has come again, and that is not acknowledged yet.
        one.acknowledge(before)
        mosquitto.publish(*tickets(3, 4))
        (newest,) = taken(one, 1)
        one.acknowledge([newest])
        wait_until(lambda: mosquitto.acknowledged(newest), "what was acknowledged last")
        mosquitto.stop()
        mosquitto.start()
        again = taken(one, 2)
        assert texts(again) == ["1", "2"]
        one.acknowledge(again)
        mosquitto.publish(*tickets(4, 5))
        assert texts(taken(one, 1)) == ["4"]


def test_at_most_so_many_come_at_once(mosquitto: RunningMosquitto) -> None:
    with subscribed(here(mosquitto), TOPICS) as one:
        wait_until(lambda: one.is_subscribed, "a subscription")
        mosquitto.publish(*tickets(0, 3))
        wait_until(lambda: len(one.take(2, 1)) <= 2, "two messages")


def test_nobody_is_told_of_a_connection_before_the_broker_has_taken_the_subscription() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        broker = read_broker(f"mqtt://127.0.0.1:{listener.getsockname()[1]}", None, None)
        with subscribed(broker, TOPICS, said=said) as one:
            to_us, _ = listener.accept()
            with to_us, to_us.makefile("rb") as coming:
                assert read_packet(coming)[0] == CONNECT
                to_us.sendall(CONNECTED)
                kind, body = read_packet(coming)
                assert kind == SUBSCRIBE
                assert (said, one.is_subscribed) == ([], False)
                # The number of the subscription, no properties, and the quality of service that was granted.
                to_us.sendall(bytes([0x90, 4]) + body[:2] + bytes([0, 1]))
                wait_until(lambda: one.is_subscribed, "a subscription")
    assert said[0].startswith("connected to 127.0.0.1:")


def test_who_is_waited_for_can_be_woken(mosquitto: RunningMosquitto) -> None:
    with subscribed(here(mosquitto), TOPICS) as one:
        one.wake()
        assert one.take(10, 60) == []


def test_a_user_who_is_not_known_is_refused_for_good_and_a_known_one_is_not(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path, password=True) as mosquitto:
        wrong = here(mosquitto)._replace(user=USER, password="of-nobody")
        with subscribed(wrong, TOPICS) as one, pytest.raises(Misconfigured, match="refuses us: Not authorized"):
            wait_until(lambda: one.take(1, 0.2) != [], "a refusal")
        with subscribed(wrong._replace(password=PASSWORD), TOPICS) as two:
            wait_until(lambda: two.is_subscribed, "a subscription")


# The library leaves a socket whose certificate was refused to the collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl.SSLSocket")
def test_over_tls_the_certificate_is_checked(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path, tls=True) as mosquitto:
        stranger = read_broker(f"mqtts://127.0.0.1:{mosquitto.port}", None, None)
        said: list[str] = []
        with subscribed(stranger, TOPICS, said=said) as one:
            wait_until(lambda: said != [], "a failure")
            assert not one.is_subscribed
        gc.collect()
        assert "not by its certificate" in said[0]
        known = read_broker(f"mqtts://127.0.0.1:{mosquitto.port}", None, CERTIFICATE)
        assert isinstance(known.tls, ssl.SSLContext)
        assert known.tls.check_hostname
        # The certificate is of another name than that of this machine.
        known.tls.check_hostname = False
        with subscribed(known, TOPICS) as two:
            wait_until(lambda: two.is_subscribed, "a subscription")


@pytest.mark.parametrize(
    ("url", "host", "port", "user"),
    [
        ("mqtt://broker", "broker", 1_883, None),
        ("mqtt://broker:2883/", "broker", 2_883, None),
        ("mqtts://till@broker.example", "broker.example", 8_883, "till"),
        ("mqtt://[::1]:1884", "::1", 1_884, None),
    ],
)
def test_a_broker_s_address_is_read(url: str, host: str, port: int, user: str | None) -> None:
    broker = read_broker(url, "secret", None)
    assert broker == Broker(host, port, user, "secret", broker.tls)
    assert (broker.tls is not None) == url.startswith("mqtts")


@pytest.mark.parametrize(
    "url", ["broker:1883", "http://broker", "mqtt://", "mqtt://broker/topic", "mqtt://broker:port", "mqtt://b?x=1"]
)
def test_an_address_that_is_none_is_refused_with_the_form(url: str) -> None:
    with pytest.raises(Misconfigured, match="write it like mqtt://host:1883"):
        read_broker(url, None, None)


def test_a_password_in_an_address_and_certificates_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="--password-file"):
        read_broker("mqtt://till:secret@broker", None, None)
    with pytest.raises(Misconfigured, match="--ca-file"):
        read_broker("mqtts://broker", None, tmp_path / "nowhere.pem")
