"""
What the embedded Kafka is told.
"""

from pathlib import Path

from services.runtime.broker import BrokerOptions, free_ports
from services.runtime.broker.configuration import server_properties


def told(options: BrokerOptions) -> dict[str, str]:
    text = server_properties(options, Path("/data"), 1111, 2222)
    return dict(line.split("=", 1) for line in text.splitlines())


def test_the_node_listens_on_loopback_only() -> None:
    assert told(BrokerOptions())["listeners"] == "CLIENTS://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222"


def test_a_misspelt_topic_is_not_created() -> None:
    assert told(BrokerOptions())["auto.create.topics.enable"] == "false"


def test_users_must_log_in() -> None:
    properties = told(BrokerOptions(users={"till": "hush"}))
    assert "CLIENTS:SASL_PLAINTEXT" in properties["listener.security.protocol.map"]
    assert 'user_till="hush"' in properties["listener.name.clients.plain.sasl.jaas.config"]


def test_further_properties_win() -> None:
    properties = told(BrokerOptions(partitions=7, properties={"message.max.bytes": "1"}))
    assert (properties["message.max.bytes"], properties["num.partitions"]) == ("1", "7")


def test_free_ports_differ() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
