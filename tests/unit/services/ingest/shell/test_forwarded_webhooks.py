"""
What an agent held for hours is judged as of its receipt, under a token that is for it; nobody else is believed.
"""

import pytest

from schemas.base import format_instant
from services.ingest.engine.connector import MappedPayload
from services.ingest.engine.receipts import OLDEST_MS
from services.runtime.tokens import revoke
from tests.fakes.desk_webhooks import Desk
from tests.fakes.ingest_api import NOW

HOUR = 3_600_000
EARLIER = NOW - 5 * HOUR


def told(at: int = EARLIER, token: str = "", skew: int = 0) -> dict[str, str]:
    shown = {"sqm-agent-authorization": f"Bearer {token}"} if token else {}
    return {"sqm-received-at": format_instant(at), "sqm-clock-skew-ms": str(skew), **shown}


async def test_what_waited_at_an_agent_for_hours_is_taken_as_of_its_receipt_by_our_clock() -> None:
    desk = Desk(timed=True)
    answer = await desk.post(signed_at=EARLIER, more=told(EARLIER + 7 * HOUR, desk.token, skew=7 * HOUR))
    assert answer.status_code == 200
    [stored] = desk.stored()
    assert stored.delivered.received_at == EARLIER
    assert [name for name in stored.delivered.headers if name.startswith("sqm-")] == []
    assert desk.token.encode() not in b"".join(value for _, value in desk.publisher.records[0].headers)


@pytest.mark.parametrize("shown", ["", "sqm_aaaaaaaa_of-nobody", "x" * 5_000])
async def test_without_a_token_that_is_known_nobody_says_when_a_webhook_was_received(shown: str) -> None:
    desk = Desk(timed=True)
    assert (await desk.post(signed_at=EARLIER, more=told(token=shown))).status_code == 401
    assert (desk.counted("desk", "stale"), desk.publisher.records) == (1, [])
    assert (await desk.post(more=told(token=shown))).status_code == 200
    assert desk.stored()[0].delivered.received_at == NOW


async def test_a_token_for_others_or_one_that_was_revoked_is_none_for_this_source() -> None:
    for sources in (["/shop/riga"], ["/webhooks/desk/nor"], ["/webhooks/desk/north/more"], []):
        desk = Desk(timed=True, sources=sources)
        assert (await desk.post(signed_at=EARLIER, more=told(token=desk.token))).status_code == 401, sources
    desk = Desk(timed=True, sources=["/webhooks/desk"])
    assert (await desk.post(signed_at=EARLIER, more=told(token=desk.token))).status_code == 200
    desk.tokens, _ = revoke(desk.tokens, "agent", NOW)
    assert (await desk.post(signed_at=EARLIER, more=told(token=desk.token))).status_code == 401


async def test_an_agent_s_word_replaces_no_signature_and_no_window() -> None:
    desk = Desk(timed=True)
    assert (await desk.post(secret=b"guessed", signed_at=EARLIER, more=told(token=desk.token))).status_code == 401
    # Signed an hour before the agent received it: an old request that somebody posted again.
    assert (await desk.post(signed_at=EARLIER - HOUR, more=told(token=desk.token))).status_code == 401
    too_old = NOW - OLDEST_MS - 1
    assert (await desk.post(signed_at=too_old, more=told(too_old, desk.token))).status_code == 401
    assert (desk.counted("desk", "wrong"), desk.counted("desk", "stale")) == (1, 2)


async def test_a_request_that_an_agent_brings_again_is_a_copy_by_the_vendor_s_own_ids() -> None:
    desk = Desk(timed=True)
    await desk.post(signed_at=EARLIER, more=told(token=desk.token))
    # Again, as a thief who has the agent's token too: with a receipt of his choice, inside the window.
    await desk.post(signed_at=EARLIER, more=told(EARLIER + 200_000, desk.token))
    first, second = ([*desk.connector.outcomes(one.delivered)] for one in desk.stored())
    [payload] = first
    assert isinstance(payload, MappedPayload)
    assert len(payload.events) == 1
    # The same ids and revisions: what reads the events takes the second for a copy.
    assert first == second
