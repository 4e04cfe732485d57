"""
The embedded Kafka itself: it answers when it says so, keeps its records across ends of any kind, and leaves nothing.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from services.runtime.broker import BrokerKind, BrokerOptions, KafkaBroker, start_broker
from services.runtime.errors import Misconfigured
from tests.fakes.waiting import wait_until

StartBroker = Callable[..., KafkaBroker]
QUIET = {"log_level": 0}


def create_topic(servers: str, topic: str, **client: str) -> None:
    admin = AdminClient({"bootstrap.servers": servers, **QUIET, **client})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(30)


def produce(servers: str, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": servers, "acks": "all", **QUIET})
    producer.produce(topic, value)
    assert producer.flush(30) == 0


def records(servers: str, topic: str, count: int) -> list[bytes | None]:
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "reader", **QUIET})
    try:
        consumer.assign([TopicPartition(topic, 0, 0)])
        return [one.value() for one in consumer.consume(count, timeout=30)]
    finally:
        consumer.close()


def test_a_record_comes_back(kafka: str) -> None:
    create_topic(kafka, "embedded-one")
    produce(kafka, "embedded-one", b"hello")
    assert records(kafka, "embedded-one", 1) == [b"hello"]


def test_a_topic_that_nobody_created_does_not_exist(kafka: str) -> None:
    producer = Producer({"bootstrap.servers": kafka, "message.timeout.ms": 2000, **QUIET})
    refused: list[object] = []
    producer.produce("embedded-misspelt", b"lost", on_delivery=lambda error, _: refused.append(error))
    producer.flush(30)
    assert len(refused) == 1
    assert refused[0] is not None


def test_records_survive_stop_and_kill_and_the_address_stays(start_private_broker: StartBroker) -> None:
    broker = start_private_broker()
    servers, first = broker.bootstrap_servers, broker.pid
    create_topic(servers, "kept")
    produce(servers, "kept", b"before")
    broker.stop()
    assert not Path(f"/proc/{first}").exists()
    broker.start()
    produce(servers, "kept", b"between")
    broker.kill()
    broker.start()
    assert broker.bootstrap_servers == servers
    assert records(servers, "kept", 2) == [b"before", b"between"]


def test_a_folder_that_nobody_named_goes_away_with_the_broker(start_private_broker: StartBroker) -> None:
    broker = start_private_broker()
    folder, pid = broker.folder, broker.pid
    broker.close()
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_broker_with_users_turns_away_who_does_not_log_in(start_private_broker: StartBroker) -> None:
    broker = start_private_broker(users={"till": "hush"})
    login = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "PLAIN", "sasl.username": "till"}
    create_topic(broker.bootstrap_servers, "guarded", **login, **{"sasl.password": "hush"})
    stranger = AdminClient({"bootstrap.servers": broker.bootstrap_servers, **QUIET, **login, "sasl.password": "guess"})
    with pytest.raises(KafkaException):
        stranger.list_topics(timeout=3)


def test_a_broker_that_cannot_start_says_why(tmp_path: Path, start_private_broker: StartBroker) -> None:
    with pytest.raises(Misconfigured, match=r"process\.roles"):
        start_private_broker(folder=tmp_path, properties={"process.roles": "conductor"})


def test_a_killed_command_leaves_no_broker_behind() -> None:
    command = [sys.executable, "-m", "services.runtime.broker", "--kind", "kafka"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        port = int(address.rsplit(":", 1)[1])
        assert _listening(port)
        process.kill()
    wait_until(lambda: not _listening(port), "the end of the broker whose starter was killed")


def test_a_command_that_is_told_to_stop_says_where_clients_reach_it_and_takes_the_broker_along() -> None:
    command = [sys.executable, "-m", "services.runtime.broker", "--kind", "memory"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().strip().rsplit(":", 1)[1])
        assert _listening(port)
        process.terminate()
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read().startswith("broker: ")
    assert not _listening(port)


def test_a_command_that_cannot_have_its_port_says_why_and_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "services.runtime.broker", "--kind", "kafka", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"port {port} of 127.0.0.1 is taken by another process" in done.stderr


def _listening(port: int) -> bool:
    """
    Say whether any process listens, as the kernel tells it: a connection would keep the port in use for a while.
    """
    entry = f"0100007F:{port:04X} 00000000:0000 0A"
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    mapped = f"0000000000000000FFFF00000100007F:{port:04X}"
    return any(entry in table.read_text() or mapped in table.read_text() for table in tables if table.exists())


def test_the_broker_in_memory_takes_records_and_gives_them_back() -> None:
    with start_broker(BrokerOptions(kind=BrokerKind.MEMORY)) as broker:
        assert broker.kind is BrokerKind.MEMORY
        topic = f"memory-{os.getpid()}"
        produce(broker.bootstrap_servers, topic, b"hello")
        consumer = Consumer({"bootstrap.servers": broker.bootstrap_servers, "group.id": "reader", **QUIET})
        consumer.assign([TopicPartition(topic, number, 0) for number in range(4)])
        assert [one.value() for one in consumer.consume(1, timeout=30)] == [b"hello"]
        consumer.close()
