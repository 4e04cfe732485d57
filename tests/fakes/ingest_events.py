"""
Service events as a source system would write them.
"""

import json


def event(
    number: int = 0, /, *, drop: tuple[str, ...] = (), data: dict[str, object] | None = None, **fields: object
) -> dict[str, object]:
    """
    A valid structured CloudEvent; `fields` and `data` replace or add, `drop` leaves out.
    """
    made: dict[str, object] = {
        "specversion": "1.0",
        "id": f"arrived-{number}",
        "source": "/branch/berlin/tickets",
        "type": "sqm.journey.arrived",
        "subject": f"ticket-{number}",
        "time": "2026-01-31T08:00:00.123Z",
        "datacontenttype": "application/json",
        "data": {"site": f"berlin-{number % 7}", "queue": "counter", **(data or {})},
    }
    made.update(fields)
    return {name: value for name, value in made.items() if name not in drop}


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()
