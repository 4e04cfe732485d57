"""
Log lines: one JSON object each, whoever wrote it, and never the value of a local variable.
"""

import io
import json
import logging
from enum import StrEnum

from services.runtime.logs import configure_logs, logger
from services.runtime.settings import LogFormat


class Said(StrEnum):
    TILL_OPENED = "till_opened"
    TILL_BROKE = "till_broke"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_an_object_with_event_fields_name_level_and_utc_time() -> None:
    out = io.StringIO()
    configure_logs(stream=out)
    logger("till", site="north").info(Said.TILL_OPENED, number=3)
    (line,) = lines(out)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {"event": "till_opened", "site": "north", "number": 3, "logger": "till", "level": "info"}


def test_libraries_come_out_in_the_same_form_and_chatty_ones_only_when_it_matters() -> None:
    out = io.StringIO()
    configure_logs(stream=out)
    logging.getLogger("some.library").info("took %d ms", 3)
    logging.getLogger("aiokafka.consumer").info("joined")
    logging.getLogger("aiokafka.consumer").warning("left")
    assert [line["event"] for line in lines(out)] == ["took 3 ms", "left"]


def test_lines_below_the_level_are_not_written() -> None:
    out = io.StringIO()
    configure_logs(level="WARNING", stream=out)
    logger("till").info(Said.TILL_OPENED)
    assert out.getvalue() == ""


def test_a_trace_does_not_show_local_variables() -> None:
    out = io.StringIO()
    configure_logs(stream=out)

    def fail(password: str) -> None:
        raise ValueError(len(password))

    try:
        fail("hu" + "sh")
    except ValueError:
        logger("till").exception(Said.TILL_BROKE)
    assert lines(out)[0]["exception"]
    assert "hush" not in out.getvalue()


def test_a_terminal_gets_lines_for_people_unless_json_is_asked_for() -> None:
    people, machine = Terminal(), Terminal()
    configure_logs(stream=people)
    logger("till").info(Said.TILL_OPENED)
    configure_logs(stream=machine, form=LogFormat.JSON)
    logger("till").info(Said.TILL_OPENED)
    assert "till_opened" in people.getvalue()
    assert not people.getvalue().startswith("{")
    assert lines(machine)[0]["event"] == "till_opened"
