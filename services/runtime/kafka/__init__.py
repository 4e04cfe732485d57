"""
Everything that touches Kafka: connecting, making topics, sending, consuming, and keeping saved state.
"""

from services.runtime.kafka.batching import BatchingConsumer, BatchSchema, batching_app, fail_when_broken
from services.runtime.kafka.checkpoints import BlobName, CheckpointStore, Lease, changelog_topic
from services.runtime.kafka.cluster import ClusterAdmin, commit_offsets
from services.runtime.kafka.connection import Connection
from services.runtime.kafka.consuming import BatchHandler, GroupConsumer
from services.runtime.kafka.faults import KafkaFault, translated
from services.runtime.kafka.group_offsets import GroupOffsets
from services.runtime.kafka.producing import BatchProducer, partition_of
from services.runtime.kafka.purging import purge
from services.runtime.kafka.reading import LogReader
from services.runtime.kafka.records import Headers, Place, Record, Untyped
from services.runtime.kafka.saved_state import SavedState, Storing
from services.runtime.kafka.topic_admin import TopicSpec, ensure_topics, specs_of

__all__ = [
    "BatchHandler",
    "BatchProducer",
    "BatchSchema",
    "BatchingConsumer",
    "BlobName",
    "CheckpointStore",
    "ClusterAdmin",
    "Connection",
    "GroupConsumer",
    "GroupOffsets",
    "Headers",
    "KafkaFault",
    "Lease",
    "LogReader",
    "Place",
    "Record",
    "SavedState",
    "Storing",
    "TopicSpec",
    "Untyped",
    "batching_app",
    "changelog_topic",
    "commit_offsets",
    "ensure_topics",
    "fail_when_broken",
    "partition_of",
    "purge",
    "specs_of",
    "translated",
]
