"""
What the Kafka client raises decides what is done about it, and the message says what was tried and the way out.
"""

import pytest
from aiokafka import errors as vendor

from services.runtime.errors import Misconfigured, Rejected, ServiceError, Transient, Unreachable
from services.runtime.kafka.faults import translated


@pytest.mark.parametrize(
    ("error", "kind", "way_out"),
    [
        (vendor.TopicAuthorizationFailedError(), Misconfigured, "access rules"),
        (vendor.UnknownTopicOrPartitionError(), Misconfigured, "create it"),
        (vendor.MessageSizeTooLargeError(), Rejected, "max.message.bytes"),
        (vendor.KafkaTimeoutError(), Unreachable, "no broker answers (KafkaTimeoutError); see that it runs"),
        (vendor.NotLeaderForPartitionError(), Transient, ""),
    ],
)
def test_an_error_is_of_the_kind_that_can_be_done_about_it(
    error: vendor.KafkaError, kind: type[ServiceError], way_out: str
) -> None:
    found = translated(error, "send to events/3")
    assert type(found) is kind
    assert str(found).startswith("Kafka: send to events/3: ")
    assert way_out in str(found)
