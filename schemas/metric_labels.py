"""
The labels of metrics: what the values of each are, and why there are few.
"""

from typing import Final

LABELS: Final[dict[str, str]] = {
    "answer": "whether an escalation was answered: in_time, late or unanswered",
    "connector": "id of a connector that is configured, or unknown",
    "disk": "disk of the database that the history is in; the first 20",
    "kind": "kind of document or outcome: one of the product's own words",
    "lane": "what an agent forwards: events, or requests as they came",
    "method": "how a figure is worked out: position, last_answered, erlang_c or erlang_a",
    "outcome": "what became of an attempt to deliver, a webhook or a payload: a word of the contract or a named reason",
    "partition": "number of a Kafka partition of sqm.events.v1",
    "queue": "queue of a site; the first 1,000 that a worker sees, the rest together as other",
    "receiver": "id of a receiver of the configuration of alerts; the first 200, the rest together as other",
    "result": "what became of a row, or what a measurement says: one of the words that the metric lists",
    "reason": "named reason, from the closed list in the code that decides it",
    "route": "path template of the HTTP API",
    "schedule": "id of a schedule of the configuration of alerts; the first 200, the rest together as other",
    "service": "ingest, sla, alerts, history or agent",
    "severity": "info, ticket or page",
    "site": "id of a site; the first 1,000 that a worker sees, the rest together as other",
    "source": "name of the token or id of the registered Source: what the operator listed, never what an event claims",
    "standard": "id of a standard; the first 200 that a worker sees, the rest together as other",
    "state": "state of an outcome, one of the words of its contract",
    "status": "HTTP status code of the answer",
    "table": "ClickHouse table of the product",
    "topic": "logical name of a topic of the product",
    "verdict": "useful, false, not_actionable or too_late",
    "version": "version of the product",
    "way": "how an event came in: http, kafka, webhook or file",
}
"""Every label that any metric uses, with the closed set that its values come from."""
