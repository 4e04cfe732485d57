"""
What a message says beside the alert: titles, why, what to do and where to look, as far as they are known.
"""

import msgspec

from domain.explanations import Statement, Verbatim
from schemas.standards import DOCUMENTS, AnyDocument, document_key
from services.alerts.engine import Alert
from services.alerts.shell.evidence import Evidence
from services.alerts.shell.notifiers import Particulars
from services.alerts.shell.particulars import particulars_of
from tests.e2e.sla_line import standard
from tests.fakes.alerts_office import OfficeBench, alerting_of, reported, until, waits

RULE = {"id": "all", "do": "Open a till.", "runbook": "https://wiki.example/tills"}


async def fired() -> Alert:
    bench = OfficeBench()
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bench.states() != [])
    return msgspec.json.decode(bench.producer.on("alerts")[0] or b"", type=Alert)


def documents() -> dict[str, AnyDocument]:
    site = DOCUMENTS.validate_python({
        "apiVersion": "sqm/v1", "kind": "Site", "metadata": {"id": "s1", "title": "Harbour", "zone": "UTC"},
    })  # fmt: skip
    return {document_key(one): one for one in (site, DOCUMENTS.validate_python(standard("wait")))}


async def found(evidence: Evidence, known: dict[str, AnyDocument], url: str | None = None) -> Particulars:
    alert = await fired()
    return particulars_of([alert], alerting_of("floor", rules=[RULE]), known, evidence, url)[alert.key]


async def test_of_an_alert_of_which_nothing_is_known_there_is_only_what_its_rule_says() -> None:
    about = await found(Evidence(), {})
    assert about == Particulars(do="Open a till.", runbook="https://wiki.example/tills", why=())


async def test_titles_why_and_where_to_look_come_from_what_was_published_and_seen() -> None:
    evidence = Evidence()
    evidence.keep("v-a", waits("a"))
    about = await found(evidence, documents(), "https://sqm.example")
    assert about.site == "Harbour"
    assert about.standard
    assert about.link == "https://sqm.example/alerts/wait%7Cqueue%3As1%2Ftills"
    assert all(isinstance(one, Statement) for one in about.why)
    assert about.why


async def test_without_its_standard_it_still_says_why() -> None:
    evidence = Evidence()
    evidence.keep("v-a", waits("a"))
    assert (await found(evidence, {})).why


async def test_what_another_system_says_of_what_it_reports_is_why() -> None:
    evidence = Evidence()
    evidence.keep_report("v-a", reported(summary="Full.", description="In two hours."))
    assert (await found(evidence, {})).why == tuple(
        Statement("why-said", {"text": Verbatim(text)}) for text in ("Full.", "In two hours.")
    )


async def test_where_more_was_said_than_is_kept_a_word_says_so() -> None:
    evidence = Evidence()
    evidence.keep_report("v-a", reported(summary="Full.", cut=True))
    assert [one.key for one in (await found(evidence, {})).why] == ["why-said", "why-cut"]
