"""
What is configured wrongly is said with the name of the setting.
"""

import asyncio
from pathlib import Path

import pytest

from services.agent.app import AgentSettings, serve
from services.runtime.errors import Misconfigured
from services.runtime.settings import load_settings

SHOP = {"SQM_AGENT_SOURCE": "/shop/riga-1/agent", "SQM_AGENT_SITE": "riga-1"}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"SQM_AGENT_SOURCE": "/shop/riga-1/agent"}, "SQM_AGENT_SITE"),
        ({"SQM_AGENT_SITE": "riga-1"}, "SQM_AGENT_SOURCE"),
        (SHOP | {"SQM_AGENT_CA_FILE": "nowhere.pem"}, "SQM_AGENT_CA_FILE"),
        (SHOP | {"SQM_AGENT_URL": "sqm.example"}, "SQM_AGENT_URL"),
        ({"SQM_AGENT_BODY_BYTES": "100000000"}, "SQM_AGENT_BODY_BYTES"),
        ({"SQM_AGENT_PORT": "8085"}, "SQM_AGENT_HTTP_PORT"),
    ],
)
async def test_a_wrong_setting_is_named(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    environment |= {"SQM_AGENT_FILE": str(tmp_path / "a.db")}
    with pytest.raises(Misconfigured, match=named):
        await serve(load_settings(AgentSettings, environment), asyncio.Event())
