"""One project's flood of requests leaves the service to others."""

from __future__ import annotations

import asyncio

from tests.asgi import send
from tests.desk import Desk

from isotherm.api.native.application import RoutedApplication, wrapped
from isotherm.api.native.call import Call
from isotherm.api.native.routing import Route
from isotherm.api.web.turns import AT_ONCE


async def test_a_project_waits_behind_itself(desk: Desk) -> None:
    at_work: list[str] = []
    going_on, other_came = asyncio.Event(), asyncio.Event()

    async def handler(call: Call) -> dict[str, str]:
        at_work.append(call.caller.project_id)
        if call.caller.project_id == "other-project":
            other_came.set()
        await going_on.wait()
        return {}

    route = Route("slow", "GET", "/v1/{project_id}/slow", handler, "stacks:index")
    application = wrapped(RoutedApplication(desk.services, [route]))

    def ask(name: str) -> asyncio.Task[int]:
        async def status() -> int:
            headers = {"x-auth-token": f"{name}-token"}
            path = f"/v1/{name}-project/slow"
            return (await send(application, "GET", path, headers=headers)).status

        return asyncio.create_task(status())

    flood = [ask("demo") for _ in range(5 * AT_ONCE)]
    modest = ask("other")
    await other_came.wait()
    assert at_work.count("demo-project") == AT_ONCE
    going_on.set()
    assert set(await asyncio.gather(*flood, modest)) == {200}
