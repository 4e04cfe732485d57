"""
What orchestrators and Prometheus are answered.
"""

import httpx
import pytest
from starlette.applications import Starlette

from services.runtime.http import operational_routes


@pytest.mark.parametrize(("missing", "status", "ready"), [([], 200, 1), (["a broker"], 503, 0)])
async def test_prometheus_hears_what_an_orchestrator_does(missing: list[str], status: int, ready: int) -> None:
    routes = operational_routes({"service": "till"}, lambda: missing, lambda: (b"sqm_till_open 3\n", "text/plain"))
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://till") as client:
        assert (await client.get("/readyz")).status_code == status
        told = (await client.get("/metrics")).text
    assert told.splitlines()[0] == "sqm_till_open 3"
    assert told.endswith(f"# TYPE sqm_ready gauge\nsqm_ready {ready}\n")
