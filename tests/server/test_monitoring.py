"""What a process tells whoever watches over it."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from tests.asgi import send
from tests.contracts.store.records import add_stack, lease

from isotherm.engine.settings import EngineSettings
from isotherm.ports.store import StoreUnavailable
from isotherm.server.database import open_store
from isotherm.server.health import Health
from isotherm.server.metrics import PrometheusMetrics
from isotherm.server.monitoring import Monitoring, StoreFigures
from isotherm.server.options import load_options
from isotherm.server.state_folder import StateFolder
from isotherm.store import Figures, SqlStore


def monitoring(store: SqlStore, metrics: PrometheusMetrics) -> Monitoring:
    return Monitoring(
        PlainTextResponse("x"),
        metrics,
        Health(store, None, EngineSettings()),
        StoreFigures(store),
        doors={"v1": "native"},
    )


async def test_figures_tell_of_requests_stacks_and_queues(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    state.create()
    metrics = PrometheusMetrics()
    store = open_store(load_options([]), state, metrics)
    await lease(store, await add_stack(store))
    await add_stack(store)
    app = monitoring(store, metrics)
    await send(app, "GET", "/v1/p/stacks")
    await send(app, "BREW", "/anything/else")
    metrics.called_cloud("compute", "GET", 200, 0.5)
    metrics.ended_step("create", "done", 2.5)
    told = (await send(app, "GET", "/metrics")).content.decode().splitlines()
    for line in (
        'isotherm_http_requests_total{door="native",method="GET",status="200"} 1.0',
        'isotherm_http_requests_total{door="other",method="other",status="200"} 1.0',
        'isotherm_http_request_seconds_count{door="native",method="GET"} 1.0',
        'isotherm_cloud_calls_total{method="GET",service="compute",status="200"} 1.0',
        'isotherm_cloud_call_seconds_sum{service="compute"} 0.5',
        'isotherm_steps_total{kind="create",outcome="done"} 1.0',
        'isotherm_step_seconds_sum{kind="create"} 2.5',
        'isotherm_stacks{action="CREATE",status="IN_PROGRESS"} 2.0',
        "isotherm_stacks_waiting 1.0",
        "isotherm_leases 1.0",
        "isotherm_database_up 1.0",
    ):
        assert line in told
    ages = {
        line.split()[0]: float(line.split()[1])
        for line in told
        if line.partition(" ")[0].endswith("_seconds")
    }
    # Both stacks of this test were asked for long ago.
    assert ages["isotherm_stacks_waiting_seconds"] > 1000
    assert ages["isotherm_oldest_action_seconds"] > 1000
    await store.close()


@pytest.mark.parametrize("path", ["/healthcheck", "/orchestration/healthcheck"])
async def test_health_is_told_wherever_the_api_is(path: str, tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    state.create()
    store = open_store(load_options([]), state, PrometheusMetrics())
    app = monitoring(store, PrometheusMetrics())
    assert (await send(app, "GET", path)).status == 200

    async def trouble() -> str:
        return "the database does not answer"

    store.trouble = trouble  # type: ignore[method-assign]
    ill = await send(app, "GET", path)
    assert ill.status == 503
    assert ill.data["reasons"] == [{"reason": "the database does not answer"}]
    await store.close()


async def test_a_database_that_is_away_is_a_figure_too(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    state.create()
    metrics = PrometheusMetrics()
    store = open_store(load_options([]), state, metrics)

    async def away() -> Figures:
        raise StoreUnavailable("the database does not answer")

    store.figures = away  # type: ignore[method-assign]
    told = (await send(monitoring(store, metrics), "GET", "/metrics")).content.decode()
    assert "isotherm_database_up 0.0" in told
    await store.close()
