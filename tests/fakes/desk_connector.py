"""
A connector for tests, written as its owner would, and webhooks as its vendor would send them.
"""

import json
from typing import Any

from schemas.connectors import CONNECTORS, Connector
from services.ingest.engine.connector import CompiledConnector, Delivered, compile_connector
from services.ingest.engine.pseudonyms import Pseudonym, keyed
from services.runtime.yamlfile import read_documents

DESK = """
apiVersion: sqm/v1
kind: Connector
metadata: {id: desk, title: Tickets of a desk, owner: Desk IT}
guide: {documentation: "https://desk.example/webhooks", feeds: Tickets, setup: Ask us}
signature: {scheme: hmac, header: x-desk-signature, signs: "{body}"}
body: {wrappers: ticket}
columns:
  kind: {header: x-desk-kind, required: true}
  number: {name: id, required: true}
  version: {name: version, type: integer}
  sent_at: {name: $.sent, type: epoch_milliseconds}
  opened: {name: opened, type: instant}
  branch: {name: branch, means: {B1: riga}}
values:
  known: branch != null
delivery: {id: number, object: number, version: version, time: sent_at}
passes_over: kind == "note"
mappings:
  tickets:
    title: Tickets
    when: kind.startsWith("ticket")
    columns:
      caller: {name: caller.id}
      closed: {name: [closed, ended], type: instant, not_reached: "1970-01-01T00:00:00Z"}
    journey: {site: 'known ? branch : "main"', subject: "{number}"}
    values:
      ended: {first_of: closed}
    events:
      - {type: journey.arrived, time: opened, data: {customer: caller}}
      - {type: service.completed, stands: oldest, when: closed != null, time: ended}
  replies:
    title: Replies
    when: kind == "reply" || kind == "ticket.reply"
    columns:
      reply: {name: "replies.[by=agent].id"}
    journey: {site: source, subject: "{number}"}
    events:
      - type: message.exchanged
        instance: reply
        time: sent_at
        data: {sender: {text: staff}, recipient: {text: customer}}
"""

TICKET: dict[str, Any] = {
    "sent": 1_770_000_000_000,
    "ticket": {
        "id": 17,
        "version": 3,
        "branch": "B1",
        "opened": "2026-02-02T02:00:00.123456789Z",
        "closed": "1970-01-01T00:00:00Z",
        "caller": {"id": "anna@example.org"},
        "replies": [{"by": "customer", "id": "r1"}, {"by": "agent", "id": "r2"}],
    },
}


def connector_document(text: str = DESK, **changes: Any) -> Connector:  # noqa: ANN401 - parts of a document
    """
    The connector as a document; keyword arguments replace fields at its top.
    """
    [document] = read_documents(text, "desk.yaml")
    assert isinstance(document.value, dict)
    return CONNECTORS.validate_python(document.value | changes)


PSEUDONYM = keyed(b"a key of tests", "desk")


def connector(pseudonym: Pseudonym | None = PSEUDONYM, **changes: Any) -> CompiledConnector:  # noqa: ANN401 - as above
    return compile_connector(connector_document(**changes), pseudonym)


def delivered(body: object = TICKET, kind: str | None = "ticket", **ticket: object) -> Delivered:
    """
    A webhook as it was stored; keyword arguments replace fields of the ticket.
    """
    if ticket and isinstance(body, dict):
        body = body | {"ticket": body["ticket"] | ticket}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivered(raw, {} if kind is None else {"x-desk-kind": kind}, "north", 1_770_000_000_500)
