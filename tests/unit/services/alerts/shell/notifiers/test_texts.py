"""
What messages say: in three languages, by shipped templates or the user's own, whatever is in the names.
"""

from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hatchling.builders.wheel import WheelBuilder

from domain.explanations import Length, Verbatim, say
from schemas.alerts import Notification, NotificationReason
from services.alerts.shell.notifiers import PARTS, Composer, Particulars, TextWriter
from services.alerts.shell.notifiers.texts import LISTED
from tests.fakes.alert_messages import CATALOGUES, KEY, NOW, alert, composer, message, notification, over, receiver
from tests.project import PROJECT

ABOUT = Particulars(
    standard="Served within five minutes",
    site="Harbour branch",
    why=(
        say("margin-over", by=Length(60_000)),
        say("judged-reason", reason=say("scope-site", site=Verbatim("harbour"))),
    ),
    do="Open a second counter.\nCall the shift lead.",
    runbook="https://wiki.example/waits",
    dashboard="https://grafana.example/d/sqm-violation?var-violation=v",
)
ACK = f"https://sqm.example/ack/{KEY.replace('/', '_')}/receiver:floor/{NOW + 86_400_000}"
HOSTILE = "</td><script>alert(1)</script>\r\nBcc: x@example.org {{ 7*7 }} @channel"


def written(folder: Path, **different: object) -> "tuple[str, tuple[str, ...]]":
    """The title by the user's templates, and what was wrong with them."""
    one = alert()
    texts = composer(folder).compose(notification(one, **different), [one], receiver(), {KEY: ABOUT}).texts
    return texts.title, texts.faults


@pytest.mark.parametrize(
    ("language", "title", "since", "open_now"),
    [
        (
            "en",
            "Urgent: Served within five minutes – queue counter of Harbour branch",
            "for 5 min",
            "3 cases are",
        ),
        (
            "ru",
            "Срочно: Served within five minutes – очередь counter, Harbour branch",
            "уже 5 мин",
            "открыты 3 случая",
        ),
        (
            "lv",
            "Steidzami: Served within five minutes – rinda counter, Harbour branch",
            "jau 5 min",
            "atvērti 3 gadījumi",
        ),
    ],
)
def test_a_message_says_what_where_since_when_how_bad_why_what_to_do_and_how_many(
    language: str, title: str, since: str, open_now: str
) -> None:
    texts = message(about=ABOUT, language=language, zone=ZoneInfo("Europe/Riga")).texts
    assert texts.title == title
    assert texts.faults == ()
    for text in (texts.long, texts.html):
        for part in (
            "Served within five minutes", "Harbour branch", "04:35", "Europe/Riga", since, open_now, ACK,
            "Open a second counter.", "https://wiki.example/waits", "harbour",
            "https://grafana.example/d/sqm-violation?var-violation=v",
        ):  # fmt: skip
            assert part in text
    assert since in texts.short
    assert ACK in texts.short


def test_what_is_over_says_how_long_it_was_and_asks_for_nothing() -> None:
    texts = message(over(alert()), about=ABOUT).texts
    assert texts.title.startswith("Over: Served within five minutes")
    assert "for 5 min" in texts.long
    assert "4 cases in all" in texts.long
    assert "what to do" not in texts.long
    assert "/ack/" not in texts.long + texts.html + texts.short


def test_what_is_over_is_said_in_one_sentence_where_words_are_few() -> None:
    texts = message(over(alert()), about=ABOUT, zone=ZoneInfo("Europe/Riga")).texts
    assert texts.short == f"{texts.title}: 04:35 to 04:40, for 5 min; 4 cases in all."
    taken_back = message(over(alert()), about=ABOUT, reason="retracted").texts
    assert taken_back.short.startswith(f"{taken_back.title}. ")


def test_whoever_reads_html_sees_how_grave_it_is_by_a_colour_in_the_light_and_in_the_dark() -> None:
    for one, tone in ((alert(), "page"), (alert(severity="ticket"), "ticket"), (over(alert()), "over")):
        html = message(one, about=ABOUT).texts.html
        assert f'<div class="card {tone}"' in html
        assert f".{tone} {{ border-left-color" in html


def test_without_links_a_message_says_the_rest() -> None:
    one = alert()
    without = Composer(CATALOGUES, TextWriter(CATALOGUES), lambda *_: "")
    made = without.compose(notification(one), [one], receiver(), {})
    assert made.acknowledge == {}
    assert "Acknowledge" not in made.texts.long + made.texts.html + made.texts.short


def test_a_link_is_on_behalf_of_the_person_or_else_of_the_receiver_and_holds_for_a_day() -> None:
    until = NOW + 86_400_000
    assert message(person="anna").acknowledge[KEY].endswith(f"/person:anna/{until}")
    assert message().acknowledge[KEY].endswith(f"/receiver:floor/{until}")
    assert message(alert(state="acknowledged")).acknowledge == {}


def test_what_is_known_of_an_alert_alone_is_enough_for_a_message() -> None:
    texts = message(alert(labels={"site": "harbour"})).texts
    assert texts.title == f"Urgent: {KEY} – site harbour"
    assert texts.faults == ()


@pytest.mark.parametrize(
    ("labels", "where"),
    [
        ({"scope": "region:north/coast"}, "region north/coast"),
        ({"scope": "organisation"}, "the whole organisation"),
        ({}, "the whole organisation"),
        ({"scope": "source:till-7"}, "source:till-7"),
    ],
)
def test_the_place_is_said_whatever_its_kind(labels: dict[str, str], where: str) -> None:
    assert message(alert(labels=labels)).texts.title.endswith(f"– {where}")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"state": "acknowledged", "owner": "anna"}, "acknowledged by anna"),
        ({"state": "acknowledged", "owner": "anna", "ack_until": NOW + 1_800_000}, "acknowledged by anna until"),
        ({"state": "acknowledged"}, "acknowledged"),
        ({"flapping": True}, "comes and goes"),
        ({"note": "Second counter is open.\nLooks better."}, "Second counter is open.\n    Looks better."),
    ],
)
def test_its_state_is_said_with_who_has_it_and_what_they_say(state: dict[str, object], said: str) -> None:
    assert said in message(alert(**state)).texts.long


def test_many_alerts_are_told_up_to_a_number_and_the_rest_is_counted() -> None:
    many = [alert(f"waiting/queue:harbour/{n}") for n in range(LISTED + 5)]
    texts = message(*many, more=200, held_back=3, step=2).texts
    assert texts.title.endswith("and 214 others")
    assert texts.long.count("/ack/") == LISTED
    assert "205 more alerts are not listed" in texts.long
    assert "3 messages were held back" in texts.long
    assert "Step 2 of the escalation" in texts.long
    for text in (texts.long, texts.html):
        assert "205" in text


def test_alerts_that_the_notification_no_longer_lists_are_counted_once() -> None:
    many = [alert(f"waiting/queue:harbour/{n}") for n in range(120)]
    texts = composer().compose(notification(*many[:100], more=20), many, receiver(), {}).texts
    assert texts.title.endswith("and 119 others")
    assert f"{120 - LISTED} more alerts are not listed" in texts.long


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize("reason", get_args(NotificationReason))
def test_every_reason_is_said_in_every_language(reason: str, language: str) -> None:
    said = {one: message(reason=one, language=language).texts.long.splitlines()[0] for one in (reason, "test")}
    assert said[reason]
    assert reason == "test" or said[reason] != said["test"]


@pytest.mark.parametrize("reason", ["nobody_on_call", "nobody_answered", "digest", "test"])
def test_a_message_that_is_not_about_an_alert_alone_says_so_in_its_title(reason: str) -> None:
    title = message(reason=reason).texts.title
    assert title.startswith(message(reason=reason).texts.long.splitlines()[0])
    assert "waiting" in title


def test_a_message_without_alerts_says_why_it_is_sent() -> None:
    test = Notification(id="a/b", at=NOW, reason="test", status="firing", receiver="floor", group="g", alerts=())
    texts = composer().compose(test, [], receiver(), {}).texts
    assert texts.title == "A test; nothing is the matter"
    assert texts.short == "A test; nothing is the matter. A test; nothing is the matter."


@pytest.mark.parametrize("runbook", ["javascript:alert(1)", 'https://a"onclick=b'])
def test_markup_line_ends_and_templates_in_names_are_shown_and_not_obeyed(runbook: str) -> None:
    about = Particulars(standard=HOSTILE, site=HOSTILE, do=HOSTILE, runbook=runbook)
    texts = message(alert(owner=None, note=HOSTILE), about=about).texts
    assert "<script" not in texts.html
    assert "javascript" not in texts.html + texts.long
    assert "onclick" not in texts.html
    assert "\n" not in texts.title
    assert "{{ 7*7 }}" in texts.title
    assert "\r" not in texts.long


def test_a_template_of_the_user_replaces_the_shipped_one_for_all_languages_or_for_one(tmp_path: Path) -> None:
    (tmp_path / "title.j2").write_text("{{ alerts[0].what | upper }}")
    (tmp_path / "title.ru.j2").write_text("{{ alerts[0].where }}")
    assert written(tmp_path) == ("SERVED WITHIN FIVE MINUTES", ())
    assert written(tmp_path, language="ru")[0] == "очередь counter, Harbour branch"
    assert written(tmp_path, language="lv")[0] == "SERVED WITHIN FIVE MINUTES"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{{ nobody_knows }}", "UndefinedError: 'nobody_knows' is undefined"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ word('alert-gone') }}", "alert-gone"),
        ("{{ alerts[0].what.__class__.__mro__ }}", "SecurityError"),
        ("{{ word.__func__ }}", "SecurityError"),
        ("{{ alerts.append(1) }}", "SecurityError"),
        ("{{ alerts | sum }}", "TypeError"),
        ("  ", "says nothing"),
    ],
)
def test_a_template_that_fails_is_named_and_the_shipped_one_stands_in(
    tmp_path: Path, template: str, fault: str
) -> None:
    (tmp_path / "title.j2").write_text(template)
    title, faults = written(tmp_path)
    assert title.startswith("Urgent: Served within five minutes")
    (said,) = faults
    assert said.startswith(str(tmp_path / "title.j2"))
    assert fault in said


def test_what_cannot_be_read_in_the_user_s_folder_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "title.j2").write_text("one\n{% if %}\n")
    (tmp_path / "short.j2").write_bytes(b"\xff")
    (tmp_path / "subject.j2").write_text("x")
    (tmp_path / "long.de.j2").write_text("x")
    (tmp_path / "html.j2").mkdir()
    faults = TextWriter(CATALOGUES, tmp_path).faults
    assert [fault.removeprefix(str(tmp_path)).partition(" ")[0] for fault in faults] == [
        "/html.j2:", "/long.de.j2:", "/short.j2:", "/subject.j2:", "/title.j2:2:",
    ]  # fmt: skip
    assert "title.en.j2" in faults[1]
    assert written(tmp_path)[0].startswith("Urgent: Served")


def test_a_template_without_an_end_is_cut_off(tmp_path: Path) -> None:
    (tmp_path / "long.j2").write_text(
        "{% for a in range(99999) %}{% for b in range(99999) %}xxxxxxxxxx{% endfor %}{% endfor %}"
    )
    assert len(composer(tmp_path).compose(notification(alert()), [alert()], receiver(), {}).texts.long) == 60_000


def test_a_wheel_carries_every_template() -> None:
    packed = {one.distribution_path for one in WheelBuilder(str(PROJECT)).recurse_included_files()}
    assert {f"services/alerts/shell/notifiers/templates/{part}.j2" for part in PARTS} <= packed
