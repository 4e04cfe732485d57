"""
Turns what aiokafka raises into the errors of this project, so that nobody else has to know the library's.
"""

from aiokafka import errors as vendor

from services.runtime.errors import Misconfigured, Rejected, ServiceError, Transient, Unreachable

__all__ = ["KafkaFault", "translated"]

KafkaFault = vendor.KafkaError

REFUSED = (
    vendor.TopicAuthorizationFailedError,
    vendor.GroupAuthorizationFailedError,
    vendor.ClusterAuthorizationFailedError,
    vendor.AuthenticationFailedError,
    vendor.UnsupportedSaslMechanismError,
    vendor.SaslAuthenticationFailed,
)
AWAY = (vendor.KafkaConnectionError, vendor.KafkaTimeoutError, vendor.NodeNotReadyError, vendor.RequestTimedOutError)
TOO_LARGE = (vendor.MessageSizeTooLargeError, vendor.RecordListTooLargeError)


def translated(error: vendor.KafkaError, doing: str) -> ServiceError:
    """
    The error to raise `from` the vendor's one; `doing` says what was tried, with topic and partition.
    """
    message = f"Kafka: {doing}: {error!r}"
    if isinstance(error, REFUSED):
        return Misconfigured(f"{message}; check user, password and the access rules of the broker")
    if isinstance(error, vendor.UnknownTopicOrPartitionError):
        return Misconfigured(f"{message}; the topic does not exist, create it or let this service create it")
    if isinstance(error, TOO_LARGE):
        return Rejected("too_large", f"{message}; raise the topic's max.message.bytes or send less in one record")
    if isinstance(error, AWAY):
        told = f"Kafka: {doing}: no broker answers ({type(error).__name__})"
        return Unreachable(f"{told}; see that it runs, and that SQM_KAFKA__BOOTSTRAP_SERVERS names it")
    return Transient(message)
