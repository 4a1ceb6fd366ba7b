"""python-heatclient and openstacksdk, unmodified, over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk
from tests.listening import listening

from isotherm.api.native import build_application


@contextlib.asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """The address of the project's API while it is served."""
    async with listening(build_application(desk.services)) as url:
        yield f"{url}/orchestration/v1/demo-project"


@pytest.mark.slow
async def test_heatclient(desk: Desk) -> None:
    async with served(desk) as endpoint:
        stack_id = await asyncio.to_thread(_create_with_heatclient, endpoint)
        await desk.settle(stack_id, *desk.rows(stack_id))
        await asyncio.to_thread(_look_with_heatclient, endpoint, stack_id)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")
async def test_openstacksdk(desk: Desk) -> None:
    async with served(desk) as endpoint:
        await asyncio.to_thread(_use_sdk, endpoint)


def _heatclient(endpoint: str) -> Any:
    from heatclient.client import Client

    return Client("1", endpoint=endpoint, token="demo-token")


def _create_with_heatclient(endpoint: str) -> str:
    heat = _heatclient(endpoint)
    created = heat.stacks.create(stack_name="web", template=TEMPLATE, parameters={"p": "y"})
    return str(created["stack"]["id"])


def _look_with_heatclient(endpoint: str, stack_id: str) -> None:
    from heatclient import exc

    heat = _heatclient(endpoint)
    # A name alone is answered by a redirect that the client follows.
    stack = heat.stacks.get("web")
    assert (stack.id, stack.stack_status) == (stack_id, "CREATE_COMPLETE")
    assert [each.id for each in heat.stacks.list(limit=1)] == [stack_id]
    assert [each.resource_name for each in heat.resources.list("web")] == ["a", "w"]
    assert heat.resources.get("web", "a").attributes == {"output": "x"}
    assert heat.events.list("web")[0].resource_status == "CREATE_COMPLETE"
    assert heat.stacks.output_show("web", "o")["output"]["output_value"] == "x"
    assert heat.stacks.template("web") == TEMPLATE
    with pytest.raises(exc.HTTPConflict, match="already exists"):
        heat.stacks.create(stack_name="web", template=TEMPLATE)
    with pytest.raises(exc.HTTPBadRequest, match="exceeds maximum allowed size"):
        heat.stacks.create(stack_name="big", template="a" * 10_000_000)
    heat.stacks.update("web", existing=True, parameters={"p": "z"})
    assert heat.stacks.get("web").stack_status == "UPDATE_IN_PROGRESS"
    heat.stacks.delete("web")
    assert heat.stacks.get("web").stack_status == "DELETE_IN_PROGRESS"


def _use_sdk(endpoint: str) -> None:
    import openstack

    cloud = openstack.connection.Connection(
        auth_type="admin_token", auth={"endpoint": endpoint, "token": "demo-token"}
    )
    try:
        heat: Any = cloud.orchestration
        stack = heat.create_stack(name="sdk", template=TEMPLATE)
        assert [each.id for each in heat.stacks()] == [stack.id]
        found = heat.find_stack("sdk")
        assert (found.id, found.status) == (stack.id, "CREATE_IN_PROGRESS")
        assert [each.name for each in heat.resources(found)] == ["a", "w"]
        heat.delete_stack(found)
        assert heat.find_stack("sdk").status == "DELETE_IN_PROGRESS"
    finally:
        cloud.close()
