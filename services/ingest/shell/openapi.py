"""
The OpenAPI document of ingest, made from the contracts, so that it cannot say anything else than what is checked.
"""

from typing import Any, Final

from schemas.events import EVENTS
from services.ingest.engine import Mode, RefusalReason
from services.ingest.shell.answers import Result
from services.ingest.shell.meters import Route

__all__ = ["ANSWER_EXAMPLES", "EXAMPLES", "openapi"]

_REF: Final = "#/components/schemas/{model}"

_ARRIVED: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "till-3-000217-arrived",
    "source": "/branch/berlin/tickets",
    "type": "sqm.journey.arrived",
    "subject": "ticket-217",
    "time": "2026-01-31T08:00:00+01:00",
    "datacontenttype": "application/json",
    "data": {"site": "berlin-mitte", "queue": "counter", "channel": "walk_in", "segment": "private"},
}
_CALLED: Final[dict[str, Any]] = {
    **_ARRIVED,
    "id": "till-3-000217-called",
    "type": "sqm.journey.called",
    "time": "2026-01-31T08:04:10+01:00",
}

EXAMPLES: Final[dict[Mode, tuple[str, dict[str, str], Any]]] = {
    Mode.STRUCTURED: ("application/cloudevents+json", {}, _ARRIVED),
    Mode.BATCH: ("application/cloudevents-batch+json", {}, [_ARRIVED, _CALLED]),
    Mode.BINARY: (
        "application/json",
        {f"ce-{name}": _CALLED[name] for name in ("specversion", "id", "source", "type", "subject", "time")},
        _CALLED["data"],
    ),
}
"""For each mode: content type, further headers, and the body; the tests send each of them."""

ANSWER_EXAMPLES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "answer": (
        "Answered with 200:",
        {
            "accepted": 2,
            "duplicates": 0,
            "refused": 0,
            "items": [{"index": 0, "result": "accepted"}, {"index": 1, "result": "accepted"}],
        },
    ),
    "refusal": (
        "Had the second misspelt `segment`, its item would say:",
        {
            "index": 1,
            "result": "refused",
            "reason": "unknown_field",
            "pointer": "/data/segmnt",
            "detail": "no such field in this type of event; check the spelling",
        },
    ),
}
"""What the example of a batch is answered with, and how a refusal in it reads; the tests compare both with the API."""


def openapi(version: str) -> dict[str, Any]:
    """
    Return the document.
    """
    schema = EVENTS.json_schema(ref_template=_REF, mode="validation")
    components: dict[str, Any] = schema.pop("$defs")
    components["ServiceEvent"] = schema
    components["Answer"] = _answer()
    components["Problem"] = _problem()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sqm ingest",
            "version": version,
            "summary": "Takes service events as CloudEvents 1.0.",
            "description": (
                "An answer comes only after the broker has acknowledged. Sending again what was not acknowledged is "
                "always right: `source` and `id` together identify an event, and copies are recognised."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {Route.EVENTS.value: {"post": _post()}, Route.WEBHOOKS.value: {"post": _post_webhook()}},
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "One token per source system, made with `sqm tokens create`; it may send events "
                    "of its own sources only.",
                }
            },
        },
    }


def _post() -> dict[str, Any]:
    kind, _, structured = EXAMPLES[Mode.STRUCTURED]
    batch_kind, _, batch = EXAMPLES[Mode.BATCH]
    binary_kind, headers, facts = EXAMPLES[Mode.BINARY]
    return {
        "operationId": "postEvents",
        "summary": "Send one event, or a batch of events.",
        "description": (
            "The content type says which CloudEvents mode is used: structured, batch, or binary with `ce-` headers. "
            "200 means that at least one event was taken (or the batch was empty): read the items. 422 means that none "
            "will ever be taken as it is. After 429 and 503 send the whole request again."
        ),
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "description": "In binary mode only.",
                "schema": {"type": "string"},
                "example": value,
            }
            for name, value in headers.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                kind: {
                    "schema": {"$ref": _REF.format(model="ServiceEvent")},
                    "examples": {"arrived": {"summary": "A customer arrived.", "value": structured}},
                },
                batch_kind: {
                    "schema": {"type": "array", "items": {"$ref": _REF.format(model="ServiceEvent")}},
                    "examples": {"visit": {"summary": "A customer arrived and was called.", "value": batch}},
                },
                binary_kind: {
                    "schema": {"type": "object", "description": "The `data` of the event."},
                    "examples": {"called": {"summary": "The facts; the rest is in ce- headers.", "value": facts}},
                },
            },
        },
        "responses": {
            "200": _response("At least one event was taken; each item says what became of it.", "Answer"),
            "400": _response("The body is not what the content type says.", "Problem"),
            "401": _response("No token, or one that is wrong or revoked.", "Problem"),
            "403": _response("The token may not send events of these sources.", "Problem"),
            "408": _response("The body took too long to arrive.", "Problem"),
            "413": _response("Too many bytes, or too many events: send smaller batches.", "Problem"),
            "415": _response("A content type or a content encoding that is not supported.", "Problem"),
            "422": _response("No event was taken; the items say why.", "Problem"),
            **_try_again(),
        },
    }


def _post_webhook() -> dict[str, Any]:
    means = {
        "connector": "Which connector reads the request: how it is signed, and what its payloads become.",
        "source": "Who posts: a place that has a secret of its own for this connector.",
    }
    return {
        "operationId": "postWebhook",
        "summary": "Take a request of another system as that system signs it.",
        "description": (
            "The signature is checked on the body as it came. 200 means that the broker has the body; it is mapped "
            "behind the answer. A request that cannot be believed is answered alike, whatever is wrong with it."
        ),
        "security": [],
        "parameters": [
            {"name": name, "in": "path", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in means.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        "responses": {
            "200": {"description": "The broker has the body."},
            "401": _response("The request cannot be believed, or nobody posts here.", "Problem"),
            "408": _response("The body took too long to arrive.", "Problem"),
            "413": _response("Too many bytes.", "Problem"),
            "422": _response("The broker takes no record of this size.", "Problem"),
            **_try_again(),
        },
    }


def _try_again() -> dict[str, Any]:
    why = {"429": "The broker is behind", "503": "The broker or the store of identities is away"}
    return {
        status: _response(f"{text}: send again after `Retry-After` seconds.", "Problem", retry=True)
        for status, text in why.items()
    }


def _response(description: str, schema: str, *, retry: bool = False) -> dict[str, Any]:
    media = "application/json" if schema == "Answer" else "application/problem+json"
    response: dict[str, Any] = {
        "description": description,
        "content": {media: {"schema": {"$ref": _REF.format(model=schema)}}},
    }
    if retry:
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return response


def _items() -> dict[str, Any]:
    return {
        "accepted": {"type": "integer", "description": "Events that the broker has acknowledged."},
        "duplicates": {"type": "integer", "description": "Copies within this request."},
        "refused": {"type": "integer"},
        "items": {
            "type": "array",
            "description": "One for each event, in order.",
            "items": {
                "type": "object",
                "required": ["index", "result"],
                "properties": {
                    "index": {"type": "integer"},
                    "result": {"enum": [result.value for result in Result]},
                    "reason": {"enum": [reason.value for reason in RefusalReason]},
                    "pointer": {"type": "string", "description": "JSON pointer into the event."},
                    "detail": {"type": "string", "description": "What to change."},
                },
            },
        },
    }


def _answer() -> dict[str, Any]:
    return {"type": "object", "required": ["accepted", "duplicates", "refused", "items"], "properties": _items()}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "RFC 9457. The counts and items are there where events were looked at.",
        "required": ["type", "title", "status", "reason", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "reason": {"type": "string", "description": "Stable name of the cause, for programs."},
            "detail": {"type": "string", "description": "What to change, for people."},
            **_items(),
        },
    }
