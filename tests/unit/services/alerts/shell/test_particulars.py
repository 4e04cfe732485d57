"""
What a message says beside the alert: titles, why, what to do and where to look, as far as they are known.
"""

import msgspec
import pytest

from domain.explanations import Statement, Verbatim
from schemas.standards import DOCUMENTS, AnyDocument, document_key
from services.alerts.engine import Alert
from services.alerts.shell.evidence import Evidence
from services.alerts.shell.notifiers import Particulars
from services.alerts.shell.particulars import particulars_of
from tests.e2e.sla_line import standard
from tests.fakes.alerts_office import OfficeBench, alerting_of, reported, until, waits
from tests.fakes.shown_dashboards import BOARDS

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


def instructed(**said: str) -> dict[str, AnyDocument]:
    """
    Its standard, with what that says about what to do.
    """
    whole = standard("wait")
    one = DOCUMENTS.validate_python({**whole, "metadata": {**whole["metadata"], **said}})
    return {document_key(one): one}


async def found(evidence: Evidence, known: dict[str, AnyDocument], dashboards: str | None = None) -> Particulars:
    alert = await fired()
    return particulars_of([alert], alerting_of("floor", rules=[RULE]), known, evidence, dashboards)[alert.key]


async def test_of_an_alert_of_which_nothing_is_known_there_is_only_what_its_rule_says() -> None:
    about = await found(Evidence(), {})
    assert about == Particulars(do="Open a till.", runbook="https://wiki.example/tills", why=())


@pytest.mark.parametrize(
    ("said", "do", "runbook"),
    [
        ({}, RULE["do"], RULE["runbook"]),
        ({"do": "Call a colleague."}, "Call a colleague.", RULE["runbook"]),
        ({"runbook": "https://wiki.example/wait"}, RULE["do"], "https://wiki.example/wait"),
    ],
)
async def test_what_to_do_is_what_its_standard_says_and_else_its_rule(
    said: dict[str, str], do: str, runbook: str
) -> None:
    about = await found(Evidence(), instructed(**said))
    assert (about.do, about.runbook) == (do, runbook)


async def test_titles_and_why_come_from_what_was_published_and_seen() -> None:
    evidence = Evidence()
    evidence.keep("v-a", waits("a"))
    about = await found(evidence, documents())
    assert about.site == "Harbour"
    assert about.standard
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


async def test_it_leads_to_the_dashboard_of_its_violation_and_else_of_its_site_and_else_to_what_is_live() -> None:
    grafana, alert, evidence = "https://grafana.example", await fired(), Evidence()
    everywhere = msgspec.structs.replace(alert, key="everywhere", labels={"standard": "wait"})
    about = particulars_of([alert, everywhere], alerting_of("floor", rules=[RULE]), {}, evidence, grafana)
    assert about[alert.key].dashboard == f"{grafana}/d/sqm-site?var-site=s1"
    assert about["everywhere"].dashboard == f"{grafana}/d/sqm-operations"
    evidence.keep("v-a", waits("a"))
    assert (await found(evidence, {}, grafana)).dashboard == f"{grafana}/d/sqm-violation?var-violation=v-a"
    assert {"sqm-site", "sqm-operations", "sqm-violation"} < {board["uid"] for board in BOARDS.values()}
