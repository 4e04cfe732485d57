"""
An embedded broker, for tests, benchmarks and the demo: a real Apache Kafka where the machine can run one.

    with start_broker(BrokerOptions(), clock) as broker:
        ... broker.bootstrap_servers ...
"""

from services.runtime.broker.choice import Broker, Choice, choose_broker, start_broker
from services.runtime.broker.kafka import KafkaBroker
from services.runtime.broker.memory import MemoryBroker
from services.runtime.broker.options import BrokerKind, BrokerOptions, ChoiceReason, default_jars
from services.runtime.broker.ports import free_ports

__all__ = [
    "Broker",
    "BrokerKind",
    "BrokerOptions",
    "Choice",
    "ChoiceReason",
    "KafkaBroker",
    "MemoryBroker",
    "choose_broker",
    "default_jars",
    "free_ports",
    "start_broker",
]
