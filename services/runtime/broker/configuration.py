"""
Writes the files that one KRaft node of Apache Kafka reads: server.properties and the configuration of its log.
"""

from collections.abc import Mapping
from pathlib import Path

from services.runtime.broker.options import BrokerOptions

__all__ = ["LOGGING", "server_properties"]

_MIB = 1024 * 1024

LOGGING = """\
<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="out"><PatternLayout pattern="%d{ISO8601} %-5p %c{1} %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="INFO"><AppenderRef ref="out"/></Root>
    <Logger name="org.apache.kafka" level="WARN"/>
    <Logger name="kafka" level="WARN"/>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
  </Loggers>
</Configuration>
"""


def server_properties(options: BrokerOptions, folder: Path, client_port: int, controller_port: int) -> str:
    """
    Return the text of server.properties for a node that is broker and controller in one.
    """
    lines = {**_node(folder, client_port, controller_port), **_LIMITS, **_SINGLE_NODE, **_SMALL}
    lines["num.partitions"] = str(options.partitions)
    lines |= _login(options.users) | dict(options.properties)
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _node(folder: Path, client_port: int, controller_port: int) -> dict[str, str]:
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "CLIENTS",
        "listeners": f"CLIENTS://127.0.0.1:{client_port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"CLIENTS://127.0.0.1:{client_port}",
        "listener.security.protocol.map": "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(folder / "data"),
    }


_LIMITS = {
    "auto.create.topics.enable": "false",  # a misspelt topic is an error, not a new topic
    "message.max.bytes": str(8 * _MIB),
    "replica.fetch.max.bytes": str(8 * _MIB),
    "log.message.timestamp.type": "CreateTime",  # a topic may say LogAppendTime
    "group.initial.rebalance.delay.ms": "0",  # nobody waits for further members at the start of a test
    "group.min.session.timeout.ms": "1000",  # so that a test of a takeover need not wait for six seconds
}

_SINGLE_NODE = {
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
}

_SMALL = {
    # After a kill the node is kept waiting until its former self counts as gone: 9 s by default, for nobody's benefit.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "log.index.size.max.bytes": str(_MIB),
    "log.cleaner.dedupe.buffer.size": str(16 * _MIB),  # the default alone would be a quarter of the heap
    "log.cleaner.io.buffer.size": str(_MIB),
    # What is deleted shall be gone from the disk while somebody watches, not after five minutes.
    "log.segment.delete.delay.ms": "1000",
    "log.initial.task.delay.ms": "1000",
    "log.retention.check.interval.ms": "2000",
}


def _login(users: Mapping[str, str]) -> dict[str, str]:
    if not users:
        return {}
    # The broker talks to itself over the clients' listener, so it needs a name among the users too.
    broker, secret = next(iter(users.items()))
    known = " ".join(f'user_{name}="{password}"' for name, password in users.items())
    module = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    return {
        "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.clients.plain.sasl.jaas.config": (f'{module} username="{broker}" password="{secret}" {known};'),
    }
