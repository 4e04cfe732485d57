"""
How a client is told where the brokers are and who it is.
"""

import ssl

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.kafka import Connection, partition_of


def test_topics_groups_and_clients_carry_the_prefix_of_the_deployment() -> None:
    connection = Connection("a:9092", client_id="worker", prefix="north.")
    assert connection.name("sqm.events.v1") == "north.sqm.events.v1"
    assert connection.client_options()["client_id"] == "north.worker"


def test_every_server_becomes_an_address_for_faust() -> None:
    assert Connection("a:9092, b:9093").faust_options()["broker"] == ["kafka://a:9092", "kafka://b:9093"]


def test_name_and_password_reach_both_libraries() -> None:
    connection = Connection(
        "a:9092",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="u",
        sasl_password="p",
    )
    options = connection.client_options()
    assert (options["sasl_mechanism"], options["sasl_plain_username"], options["sasl_plain_password"]) == (
        "SCRAM-SHA-512",
        "u",
        "p",
    )
    credentials = connection.faust_options()["broker_credentials"]
    assert (credentials.username, credentials.password, credentials.mechanism.value) == ("u", "p", "SCRAM-SHA-512")
    assert credentials.protocol.value == "SASL_PLAINTEXT"


@pytest.mark.parametrize("protocol", ["SSL", "SASL_SSL"])
def test_tls_reaches_both_libraries(protocol: str) -> None:
    context = ssl.create_default_context()
    connection = Connection(
        "a:9092", security_protocol=protocol, sasl_username="u", sasl_password="p", ssl_context=context
    )
    assert connection.client_options()["ssl_context"] is context
    assert connection.faust_options()["broker_credentials"].protocol.value == protocol


def test_a_password_is_not_in_the_representation() -> None:
    connection = Connection("a:9092", security_protocol="SASL_PLAINTEXT", sasl_username="u", sasl_password="secret")
    assert "secret" not in repr(connection)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bootstrap_servers": " "}, "no bootstrap servers"),
        ({"security_protocol": "TLS"}, "'TLS' is not one of"),
        ({"security_protocol": "SASL_PLAINTEXT"}, "needs a SASL user name and password"),
        ({"security_protocol": "SSL"}, "needs a TLS context"),
        (
            {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "GSSAPI", "sasl_username": "u"},
            "'GSSAPI' is not one of",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        Connection(**{"bootstrap_servers": "a:9092", **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "murmur2"),
    [
        # As the tests of the Java client give them.
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
    ],
)
def test_keys_go_where_the_java_client_sends_them(key: bytes, murmur2: int) -> None:
    assert partition_of(key, 1_000_003) == (murmur2 & 0x7FFFFFFF) % 1_000_003
