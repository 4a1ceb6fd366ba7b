"""What administrators may see and do: the things of all projects, each in its own project."""

from __future__ import annotations

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.errors import EntityNotFound
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.services.block_storage import VOLUME_TYPE
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack
from isotherm.usecases import software
from isotherm.usecases.access import find_stack, stack_of
from isotherm.usecases.refusals import DelegationOver
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.listing import ListRequest, list_stacks
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

SOURCE = SourceRequest(template=TEMPLATE)


async def demos(desk: Desk) -> Stack:
    """A settled stack of the project demo."""
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=SOURCE))
    return await desk.settle(stack.id, *desk.rows(stack.id))


async def test_a_stack_is_found_by_id_in_any_project_and_by_name_in_the_own(desk: Desk) -> None:
    stack = await demos(desk)
    assert (await find_stack(desk.services, desk.admin, stack.id)).id == stack.id
    assert (await stack_of(desk.services, desk.admin, "web", stack.id)).id == stack.id
    with pytest.raises(EntityNotFound):
        await find_stack(desk.services, desk.admin, "web")
    for wanted in ("web", stack.id):
        with pytest.raises(EntityNotFound):
            await find_stack(desk.services, desk.other, wanted)


async def test_lists_have_the_stacks_of_all_projects(desk: Desk) -> None:
    await demos(desk)
    await create_stack(desk.services, desk.other, CreateRequest(name="theirs", source=SOURCE))
    counted = ListRequest(with_count=True)
    found = await list_stacks(desk.services, desk.admin, counted)
    assert (sorted(each.name for each in found.stacks), found.count) == (["theirs", "web"], 2)
    after = ListRequest(marker=found.stacks[0].id)
    (last,) = (await list_stacks(desk.services, desk.admin, after)).stacks
    assert last.id == found.stacks[1].id
    assert (await list_stacks(desk.services, desk.other, counted)).count == 1


async def test_what_an_administrator_makes_is_of_the_own_project(desk: Desk) -> None:
    await demos(desk)
    made = await create_stack(desk.services, desk.admin, CreateRequest(name="web", source=SOURCE))
    assert made.project_id == desk.admin.project_id


async def test_the_cloud_is_asked_as_the_stack_would(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the administrator's project other things may have the names."""
    stack = await demos(desk)
    asked: list[str] = []

    async def as_caller(caller: Caller) -> CloudApi:
        asked.append(caller.project_id)
        return desk.cloud.names.api

    async def as_stack(credentials: object) -> CloudApi:
        asked.append(stack.project_id)
        return desk.cloud.names.api

    monkeypatch.setattr(desk.cloud, "connect_caller", as_caller)
    monkeypatch.setattr(desk.cloud, "connect", as_stack)
    template = """
heat_template_version: 2021-04-16
resources:
  disk: {type: OS::Cinder::Volume, properties: {size: 1, volume_type: fast}}
"""
    desk.cloud.names.put(VOLUME_TYPE, "fast", name="fast")
    request = UpdateRequest(source=SourceRequest(template=template))
    updated = await update_stack(desk.services, desk.admin, "web", stack.id, request)
    assert set(asked) == {stack.project_id}
    assert (updated.project_id, updated.credentials) == (stack.project_id, stack.credentials)
    assert updated.username == stack.username


async def test_nobody_of_another_project_stands_in_for_a_creator_who_has_left(desk: Desk) -> None:
    stack = await demos(desk)
    desk.cloud.trusts.clear()
    with pytest.raises(DelegationOver, match="by members of its project demo-project"):
        await delete_stack(desk.services, desk.admin, "web", stack.id)
    assert desk.cloud.trusts == []
    assert await desk.store.stack(stack.id) == stack


async def test_software_of_all_projects_is_at_hand(desk: Desk) -> None:
    services, admin = desk.services, desk.admin
    config = await software.create_config(services, desk.caller, {"name": "setup"})
    given = {"config_id": config.id, "server_id": "server-1"}
    deployment = await software.create_deployment(services, desk.caller, given)
    for caller, found in ((admin, [deployment]), (desk.caller, [deployment]), (desk.other, [])):
        assert await software.list_deployments(services, caller, "server-1") == found
        assert await software.list_deployments(services, caller, None) == found
        told = await software.deployments_of_server(services, caller, "server-1")
        assert [each.id for each in told] == [config.id for _ in found]
    assert await software.show_config(services, admin, config.id) == config
    assert await software.show_deployment(services, admin, deployment.id) == deployment
    listed = await software.list_configs(services, admin, everywhere=False, limit=None, after=None)
    assert listed == [config]
