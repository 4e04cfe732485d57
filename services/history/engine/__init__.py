"""
Decides what history does: how topics become rows, what a batch is called, which DDL is due, and what a figure is
summed from.

Pure: the shell does the reading, the inserting and the asking.
"""

from services.history.engine.alert_measures import (
    AlertMeasures,
    AlertQuestion,
    AlertsBy,
    alert_measures,
    alert_questions,
)
from services.history.engine.alert_transitions import TRANSITIONS_SQL, transition_of
from services.history.engine.archives import (
    ARCHIVED,
    Archived,
    Manifest,
    NotTaken,
    Part,
    Piece,
    cuts_sql,
    parts_of,
    why_file_not_taken,
    why_not_taken,
)
from services.history.engine.attainment import HELD_SQL, Basis, Figure, Group, LeftOut, Question, figures, sql_of
from services.history.engine.copying import COPIES, Copy, Misfit, copy_of
from services.history.engine.envelope import ENVELOPE, Record, encode
from services.history.engine.exclusions import AGREEMENTS_SQL, Agreements
from services.history.engine.first_contacts import CONTACTS_BY, Contacts, Span, contacts_of, contacts_sql, spans_of
from services.history.engine.groups import By, of_single_journeys
from services.history.engine.happened import REPORTED_SQL, Period, happened_sql, size_sql
from services.history.engine.migrations import Altered, Migration, read_migration, statements, to_apply
from services.history.engine.questions import NotAsked, why_not_asked
from services.history.engine.tallies import (
    Complaints,
    Tally,
    TallyQuestion,
    Topic,
    Which,
    complaints,
    complaints_sql,
    tallies,
    tally_sql,
    topics,
    topics_sql,
    worst_sql,
)
from services.history.engine.tokens import token_of
from services.history.engine.verdicts import PUBLICATIONS_SQL, VERDICT_TABLES, message_of, revisions_sql, verdicts_sql
from services.history.engine.waits import Bucket, Wait, buckets, buckets_sql, waits, waits_sql

__all__ = [
    "AGREEMENTS_SQL",
    "ARCHIVED",
    "CONTACTS_BY",
    "COPIES",
    "ENVELOPE",
    "HELD_SQL",
    "PUBLICATIONS_SQL",
    "REPORTED_SQL",
    "TRANSITIONS_SQL",
    "VERDICT_TABLES",
    "Agreements",
    "AlertMeasures",
    "AlertQuestion",
    "AlertsBy",
    "Altered",
    "Archived",
    "Basis",
    "Bucket",
    "By",
    "Complaints",
    "Contacts",
    "Copy",
    "Figure",
    "Group",
    "LeftOut",
    "Manifest",
    "Migration",
    "Misfit",
    "NotAsked",
    "NotTaken",
    "Part",
    "Period",
    "Piece",
    "Question",
    "Record",
    "Span",
    "Tally",
    "TallyQuestion",
    "Topic",
    "Wait",
    "Which",
    "alert_measures",
    "alert_questions",
    "buckets",
    "buckets_sql",
    "complaints",
    "complaints_sql",
    "contacts_of",
    "contacts_sql",
    "copy_of",
    "cuts_sql",
    "encode",
    "figures",
    "happened_sql",
    "message_of",
    "of_single_journeys",
    "parts_of",
    "read_migration",
    "revisions_sql",
    "size_sql",
    "spans_of",
    "sql_of",
    "statements",
    "tallies",
    "tally_sql",
    "to_apply",
    "token_of",
    "topics",
    "topics_sql",
    "transition_of",
    "verdicts_sql",
    "waits",
    "waits_sql",
    "why_file_not_taken",
    "why_not_asked",
    "why_not_taken",
    "worst_sql",
]
