"""Life of a stack as far as requests go: create, update, cancel, delete, list, show."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import (
    ActionInProgress,
    Busy,
    EntityNotFound,
    Forbidden,
    NotSupported,
    RequestLimitExceeded,
    StackExists,
    StackValidationFailed,
)
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret
from isotherm.kit import Properties, ResourceType, prop
from isotherm.kit.registry import Registry
from isotherm.kit.services.block_storage import VOLUME_TYPE
from isotherm.ports.bus import TRAVERSALS
from isotherm.ports.records import Operation, Stack
from isotherm.ports.store import EventQuery, NameTaken
from isotherm.usecases.refusals import BadRequest, ResourceTypeUnavailable
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.listing import ListRequest, list_stacks
from isotherm.usecases.stacks.preview import PreviewedResource, preview_create
from isotherm.usecases.stacks.show import show_environment, show_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack
from isotherm.usecases.stacks.update_preview import preview_update

VOLUME = {"type": "OS::Cinder::Volume", "properties": {"size": 1, "volume_type": "fast"}}


def a_template(**resources: Any) -> dict[str, Any]:
    return {"heat_template_version": "2018-08-31", "resources": resources}


async def create(desk: Desk, name: str = "web", **fields: Any) -> Stack:
    source = SourceRequest(template=fields.pop("template", TEMPLATE), **fields.pop("source", {}))
    caller = fields.pop("caller", desk.caller)
    request = CreateRequest(name=name, source=source, **fields)
    return await create_stack(desk.services, caller, request)


def an_update(existing: bool = False, **fields: Any) -> UpdateRequest:
    told = {} if existing else {"template": TEMPLATE}
    source = SourceRequest(**(told | fields.pop("source", {})))
    return UpdateRequest(source=source, existing=existing, **fields)


async def test_creating_records_everything_an_engine_needs(desk: Desk) -> None:
    async with desk.bus.listen(TRAVERSALS) as woken:
        stack = await create(desk, timeout_mins=7, tags="a,b")
        assert await anext(woken) == stack.id
    recorded = await desk.store.stack(stack.id)
    assert recorded == stack
    assert (stack.action, stack.status) == (Action.CREATE, Status.IN_PROGRESS)
    assert stack.status_reason == "Stack CREATE started"
    assert stack.tags == ("a", "b")
    assert stack.credentials["secret"] == Secret("deep secret")
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.number, traversal.operation) == (1, Operation.CREATE)
    assert traversal.deadline == desk.clock.now() + timedelta(minutes=7)
    (event,) = await desk.store.events(EventQuery(stack_ids=[stack.id]))
    assert (event.resource_name, event.resource_type) == ("web", "OS::Heat::Stack")


@pytest.mark.parametrize("name", ["1st", "", "a b", "a" * 256, "ü", "a/b"])
async def test_bad_names_are_refused(desk: Desk, name: str) -> None:
    with pytest.raises(StackValidationFailed, match="Invalid stack name"):
        await create(desk, name)


async def test_all_findings_come_at_once_and_nothing_is_kept(desk: Desk) -> None:
    bad = a_template(
        a={"type": "OS::Heat::Valeu"},
        b={"type": "OS::Heat::RandomString", "properties": {"lenght": 3}},
    )
    with pytest.raises(InvalidDocument) as caught:
        await create(desk, template=bad)
    texts = str(caught.value)
    assert "OS::Heat::Value" in texts
    assert "did you mean 'length'?" in texts
    assert len(caught.value.diagnostics) == 2
    assert (await list_stacks(desk.services, desk.caller, ListRequest())).stacks == []
    assert desk.cloud.trusts == []


async def test_a_name_that_is_nearly_right_is_suggested(desk: Desk) -> None:
    desk.cloud.names.put(VOLUME_TYPE, "type-1", name="faster")
    with pytest.raises(InvalidDocument, match=r"\(did you mean 'faster'\?\)"):
        await create(desk, template=a_template(one=VOLUME))


async def test_names_that_must_exist_in_the_cloud_are_looked_up_once_each(desk: Desk) -> None:
    template = a_template(one=VOLUME, two=VOLUME, three={**VOLUME, "properties": {"size": 1}})
    with pytest.raises(InvalidDocument) as caught:
        await create(desk, template=template)
    assert [each.path for each in caught.value.diagnostics] == [
        "resources.one.properties.volume_type",
        "resources.two.properties.volume_type",
    ]
    assert "fast" in str(caught.value)
    # Once for the name, and once for what it may have been meant to be.
    assert len(desk.cloud.names.made("list", "volume_type")) == 2
    desk.cloud.names.put(VOLUME_TYPE, "type-1", name="fast")
    await create(desk, template=template)


async def test_types_of_services_the_cloud_lacks_are_refused(desk: Desk) -> None:
    desk.cloud.offered = frozenset()
    with pytest.raises(ResourceTypeUnavailable, match="block-storage"):
        await create(desk, template=a_template(v=VOLUME))


async def test_limits(desk: Desk) -> None:
    small = Desk(max_stacks_per_tenant=1, max_resources_per_stack=2, max_template_size=2000)
    with pytest.raises(RequestLimitExceeded, match="exceeds maximum allowed size"):
        await create(small, template="a" * 2001)
    one = {"type": "OS::Heat::None"}
    with pytest.raises(RequestLimitExceeded, match="Maximum resources per stack exceeded"):
        await create(small, template=a_template(a=one, b=one, c=one))
    await create(small)
    with pytest.raises(StackExists):
        await create(small)
    with pytest.raises(RequestLimitExceeded, match="maximum of 1 stacks"):
        await create(small, "second")


async def test_a_template_url_is_refused_clearly(desk: Desk) -> None:
    for url, reason in (("file:///etc/passwd", "URL scheme file"), ("http://x/", "Failed to")):
        request = CreateRequest(name="web", source=SourceRequest(template_url=url))
        with pytest.raises(BadRequest, match=reason):
            await create_stack(desk.services, desk.caller, request)


async def test_an_update_overtakes_what_runs(desk: Desk) -> None:
    stack = await create(desk, tags="t", timeout_mins=5)
    desk.clock.advance(10)
    request = an_update(source={"parameters": {"p": "y"}})
    updated = await update_stack(desk.services, desk.caller, "web", stack.id, request)
    assert (updated.traversal, updated.action) == (2, Action.UPDATE)
    assert updated.updated_at == desk.clock.now()
    assert updated.tags == ()
    assert updated.timeout_mins == 5
    assert updated.previous_source_id == stack.source_id, "a roll-back removes nothing"
    settled = await desk.settle(stack.id)
    again = await update_stack(desk.services, desk.caller, "web", stack.id, request)
    assert again.previous_source_id == settled.source_id


async def test_an_access_policy_names_resources_of_its_stack(desk: Desk) -> None:
    policy = {"type": "OS::Heat::AccessPolicy", "properties": {"AllowedResources": ["a", "b"]}}
    with pytest.raises(InvalidDocument, match=r"AllowedResources.1: the stack has no resource b"):
        await create(desk, template=a_template(a={"type": "OS::Heat::None"}, p=policy))
    both = {name: {"type": "OS::Heat::None"} for name in ("a", "b")}
    await create(desk, template=a_template(**both, p=policy))


async def test_what_was_never_complete_is_returned_to_as_it_was(desk: Desk) -> None:
    stack = await create(desk)
    await desk.settle(stack.id, status=Status.FAILED)
    first = an_update(source={"parameters": {"p": "y"}})
    updated = await update_stack(desk.services, desk.caller, "web", stack.id, first)
    assert updated.previous_source_id == stack.source_id
    await desk.settle(stack.id, status=Status.FAILED)
    second = an_update(source={"parameters": {"p": "z"}})
    again = await update_stack(desk.services, desk.caller, "web", stack.id, second)
    assert again.previous_source_id == stack.source_id


async def test_patching_keeps_what_is_not_mentioned(desk: Desk) -> None:
    stack = await create(desk, tags="t", source={"parameters": {"p": "one", "s": "two"}})
    await desk.settle(stack.id)
    request = an_update(existing=True, source={"parameters": {"p": "three"}})
    patched = await update_stack(desk.services, desk.caller, "web", stack.id, request)
    assert patched.tags == ("t",)
    source = await desk.store.source(patched.source_id)
    assert source.environment["parameters"] == {"p": "three", "s": "two"}
    assert source.template == TEMPLATE
    request = an_update(existing=True, clear_parameters=("p",))
    await update_stack(desk.services, desk.caller, "web", stack.id, request)
    detail = await show_stack(desk.services, desk.caller, "web", stack.id)
    assert detail.parameters["p"] == "x"
    assert detail.parameters["s"] == "******"
    environment = await show_environment(desk.services, desk.caller, "web", stack.id)
    assert environment["parameters"] == {"s": "******"}


async def test_an_update_needs_a_template_and_a_patch_does_not(desk: Desk) -> None:
    stack = await create(desk)
    request = UpdateRequest(source=SourceRequest())
    with pytest.raises(BadRequest, match="No template"):
        await update_stack(desk.services, desk.caller, "web", stack.id, request)


async def test_immutable_parameters_stay_as_they_are(desk: Desk) -> None:
    template = {
        **a_template(),
        "parameters": {"p": {"type": "string", "immutable": True, "default": "x"}},
    }
    stack = await create(desk, template=template)
    changed = an_update(source={"template": template, "parameters": {"p": "y"}})
    with pytest.raises(InvalidDocument) as caught:
        await update_stack(desk.services, desk.caller, "web", stack.id, changed)
    assert caught.value.diagnostics[0].error == "ImmutableParameterModified"


async def test_deleting_overtakes_everything_once(desk: Desk) -> None:
    stack = await create(desk)
    first = await delete_stack(desk.services, desk.caller, "web", stack.id)
    assert (first.traversal, first.action) == (2, Action.DELETE)
    second = await delete_stack(desk.services, desk.caller, "web", stack.id)
    assert second.traversal == 2
    with pytest.raises(NotSupported, match="deleting"):
        await update_stack(desk.services, desk.caller, "web", stack.id, an_update())
    await desk.settle(stack.id)
    with pytest.raises(EntityNotFound):
        await delete_stack(desk.services, desk.caller, "web", stack.id)
    detail = await show_stack(desk.services, desk.caller, "web", stack.id)
    assert detail.outputs is None
    await create(desk)


async def test_a_failed_delete_can_be_asked_for_again(desk: Desk) -> None:
    stack = await create(desk)
    await delete_stack(desk.services, desk.caller, "web", stack.id)
    await desk.settle(stack.id, status=Status.FAILED)
    again = await delete_stack(desk.services, desk.caller, "web", stack.id)
    assert (again.traversal, again.status) == (3, Status.IN_PROGRESS)


async def test_cancelling_returns_to_the_last_complete_source(desk: Desk) -> None:
    stack = await create(desk)
    before = await desk.settle(stack.id)
    with pytest.raises(NotSupported, match="CREATE_COMPLETE"):
        await run_action(desk.services, desk.caller, "web", stack.id, "cancel_update")
    request = an_update(source={"parameters": {"p": "y"}})
    await update_stack(desk.services, desk.caller, "web", stack.id, request)
    back = await run_action(desk.services, desk.caller, "web", stack.id, "cancel_update")
    assert (back.action, back.status) == (Action.ROLLBACK, Status.IN_PROGRESS)
    assert back.source_id == before.source_id
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert traversal.operation is Operation.ROLLBACK


async def test_stopping_brings_to_an_end_what_is_under_way(desk: Desk) -> None:
    stack = await create(desk)
    action = "cancel_without_rollback"
    stopping = await run_action(desk.services, desk.caller, "web", stack.id, action)
    assert (stopping.action, stopping.status) == (Action.CREATE, Status.IN_PROGRESS)
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.finished) == (Operation.STOP, False)


async def test_a_stack_is_suspended_and_resumed_once_nothing_else_is_done_to_it(
    desk: Desk,
) -> None:
    stack = await create(desk)
    run = partial(run_action, desk.services, desk.caller, "web", stack.id)
    with pytest.raises(ActionInProgress):
        await run("suspend")
    await desk.settle(stack.id)
    for action in ("suspend", "resume"):
        begun = await run(action)
        assert (begun.action, begun.status) == (action.upper(), Status.IN_PROGRESS)
        done = await desk.settle(begun.id)
        again = await run(action)
        assert (again.status, again.traversal) == (Status.COMPLETE, done.traversal)


async def test_actions_that_are_not_offered_say_so(desk: Desk) -> None:
    stack = await create(desk)
    with pytest.raises(BadRequest, match="Invalid action dance"):
        await run_action(desk.services, desk.caller, "web", stack.id, "dance")
    with pytest.raises(ActionInProgress):
        await run_action(desk.services, desk.caller, "web", stack.id, "check")
    await desk.settle(stack.id, *desk.rows(stack.id))
    checked = await run_action(desk.services, desk.caller, "web", stack.id, "check")
    assert checked.action is Action.CHECK


async def test_other_projects_see_nothing(desk: Desk) -> None:
    stack = await create(desk)
    for verb in (show_stack, delete_stack, show_environment):
        with pytest.raises(EntityNotFound):
            await verb(desk.services, desk.other, "web", stack.id)
    assert (await list_stacks(desk.services, desk.other, ListRequest())).stacks == []
    with pytest.raises(Forbidden, match="stacks:global_index"):
        await list_stacks(desk.services, desk.other, ListRequest(global_tenant=True))


async def test_listing_filters_sorts_and_counts(desk: Desk) -> None:
    for name in ("b", "a", "c"):
        await create(desk, name, tags=name)
        desk.clock.advance(1)

    async def names(**fields: Any) -> list[str]:
        request = ListRequest(**fields)
        return [s.name for s in (await list_stacks(desk.services, desk.caller, request)).stacks]

    assert await names() == ["c", "a", "b"]
    assert await names(sort_keys=["stack_name"], descending=False) == ["a", "b", "c"]
    assert await names(sort_keys=["stack_name"]) == ["a", "b", "c"]
    assert await names(sort_keys=["stack_name"], descending=True) == ["c", "b", "a"]
    assert await names(sort_keys=["nonsense"], limit=1) == ["c"]
    assert await names(marker="nonsense") == ["c", "a", "b"]
    assert await names(filters={"name": ["a", "b"], "stack_name": ["b"]}) == ["b"]
    assert await names(tags_any=["a"]) == ["a"]
    assert await names(limit=0) == []
    page = await list_stacks(desk.services, desk.caller, ListRequest(with_count=True, limit=1))
    assert (len(page.stacks), page.count) == (1, 3)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": ["CREATE_FAILED"]}, ["bad"]),
        ({"stack_status": ["CREATE_FAILED"]}, ["bad"]),
        ({"status": ["FAILED"]}, ["bad"]),
        ({"status": ["CREATE_IN_PROGRESS"]}, ["new"]),
        ({"status": ["IN_PROGRESS"]}, ["new"]),
        ({"status": ["CREATE_COMPLETE", "CREATE_FAILED"]}, ["bad", "good"]),
        ({"status": ["COMPLETE"], "action": ["CREATE"]}, ["good"]),
        ({"status": ["DELETE_FAILED"]}, []),
        ({"status": ["CREATE"]}, []),
    ],
)
async def test_a_status_filters_as_it_is_shown(
    desk: Desk, filters: dict[str, list[str]], expected: list[str]
) -> None:
    await desk.settle((await create(desk, "good")).id)
    await desk.settle((await create(desk, "bad")).id, status=Status.FAILED)
    await create(desk, "new")
    found = await list_stacks(desk.services, desk.caller, ListRequest(filters=filters))
    assert sorted(each.name for each in found.stacks) == expected


async def test_many_creates_at_once_do_not_pass_the_limit() -> None:
    desk = Desk(max_stacks_per_tenant=5)
    creates = (create(desk, f"web{number}") for number in range(20))
    answers = await asyncio.gather(*creates, return_exceptions=True)
    assert sum(isinstance(each, Stack) for each in answers) == 5
    refused = [each for each in answers if not isinstance(each, Stack)]
    assert {type(each) for each in refused} == {RequestLimitExceeded}
    assert len(desk.cloud.trusts) == 5


async def test_a_marker_does_not_tell_which_stacks_others_have(desk: Desk) -> None:
    foreign = await create(desk, "theirs", caller=desk.other)
    desk.clock.advance(1)
    await create(desk, "mine")
    for marker in (foreign.id, "no-such-stack"):
        page = await list_stacks(desk.services, desk.caller, ListRequest(marker=marker))
        assert [each.name for each in page.stacks] == ["mine"]


async def test_previews_change_nothing(desk: Desk) -> None:
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE))
    preview = await preview_create(desk.services, desk.caller, request)
    resources = [each for each in preview.resources if isinstance(each, PreviewedResource)]
    assert [each.detail.name for each in resources] == ["a", "w"]
    assert resources[0].detail.required_by == ["w"]
    assert resources[0].properties["value"] == "x"
    assert resources[1].properties["value"] is None
    assert {each.key: each.value for each in preview.outputs} == {"o": None, "hidden": "******"}
    listed = await list_stacks(desk.services, desk.caller, ListRequest())
    assert listed.stacks == []
    stack = await create(desk)
    await desk.settle(stack.id, *desk.rows(stack.id))
    template = {**TEMPLATE, "resources": {**TEMPLATE["resources"], "n": {"type": "OS::Heat::None"}}}
    update = an_update(source={"template": template})
    groups = await preview_update(desk.services, desk.caller, ("web", stack.id), update)
    assert [each.name for each in groups["added"]] == ["n"]
    present = await desk.store.stack(stack.id)
    assert present is not None
    assert present.traversal == 1


@pytest.mark.parametrize(("asked", "always"), [(True, False), (False, True), (False, False)])
async def test_an_update_looks_first_where_it_is_asked_to(asked: bool, always: bool) -> None:
    desk = Desk(observe_on_update=always)
    stack = await create(desk)
    update = UpdateRequest(source=SourceRequest(), existing=True, converge=asked)
    await update_stack(desk.services, desk.caller, stack.name, stack.id, update)
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert traversal.observes is (asked or always)


async def test_a_request_that_loses_a_race_decides_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = await create(desk)
    supersede = desk.store.supersede

    async def after_somebody_else(*given: Any, **more: Any) -> bool:
        monkeypatch.setattr(desk.store, "supersede", supersede)
        await run_action(desk.services, desk.caller, "web", stack.id, "cancel_without_rollback")
        return await supersede(*given, **more)

    monkeypatch.setattr(desk.store, "supersede", after_somebody_else)
    gone = await delete_stack(desk.services, desk.caller, "web", stack.id)
    assert (gone.traversal, gone.action) == (3, Action.DELETE)
    assert await desk.store.stack(stack.id) == gone


async def test_stacks_with_hidden_tags_are_listed_only_where_asked_for() -> None:
    desk = Desk(hidden_stack_tags=("internal",))
    await create(desk, tags="internal")
    listed = await list_stacks(desk.services, desk.caller, ListRequest())
    assert listed.stacks == []
    listed = await list_stacks(desk.services, desk.caller, ListRequest(show_hidden=True))
    assert [each.name for each in listed.stacks] == ["web"]


async def test_a_preview_says_what_the_template_says(desk: Desk) -> None:
    template = {
        "heat_template_version": "2018-08-31",
        "resources": {
            "alias": {
                "type": "My::Value",
                "properties": {"value": 1},
                "metadata": {"of": {"get_param": "OS::stack_name"}},
            }
        },
        "outputs": {"off": {"value": 1, "condition": False}},
    }
    registry = {"resource_registry": {"My::Value": "OS::Heat::Value"}}
    source = SourceRequest(template=template, environment=registry)
    request = CreateRequest(name="web", source=source)
    preview = await preview_create(desk.services, desk.caller, request)
    (resource,) = preview.resources
    assert isinstance(resource, PreviewedResource)
    assert resource.detail.type == "My::Value"
    assert resource.detail.metadata == {"of": "web"}
    assert {each.key: each.value for each in preview.outputs} == {"off": None}


async def previewed(desk: Desk, resource: dict[str, Any]) -> PreviewedResource:
    source = SourceRequest(
        template={"heat_template_version": "2021-04-16", "resources": {"r": resource}}
    )
    preview = await preview_create(
        desk.services, desk.caller, CreateRequest(name="web", source=source)
    )
    (found,) = preview.resources
    assert isinstance(found, PreviewedResource)
    return found


async def test_previews_name_every_property_at_every_level(desk: Desk) -> None:
    desk.cloud.offered = frozenset({"network"})
    rules = {"rules": [{"protocol": "tcp"}]}
    found = await previewed(desk, {"type": "OS::Neutron::SecurityGroup", "properties": rules})
    assert found.properties["description"] is None
    assert found.properties["rules"] == [
        {
            "direction": "ingress",
            "ethertype": "IPv4",
            "port_range_min": None,
            "port_range_max": None,
            "protocol": "tcp",
            "remote_mode": "remote_ip_prefix",
            "remote_group_id": None,
            "remote_ip_prefix": None,
            "description": None,
        }
    ]


@pytest.mark.parametrize(
    ("resource", "attributes"),
    [
        ({"type": "OS::Heat::RandomString"}, {"value": None}),
        ({"type": "OS::Heat::Value", "properties": {"value": {"a": [1]}}}, {"value": {"a": [1]}}),
        (
            {"type": "OS::Heat::Value", "properties": {"value": {"get_param": "OS::stack_id"}}},
            {"value": "None"},
        ),
        (
            {"type": "OS::Nova::KeyPair", "properties": {"name": "k", "public_key": "pk"}},
            {"public_key": "pk", "private_key": ""},
        ),
    ],
)
async def test_previews_show_attributes_that_are_known_before(
    desk: Desk, resource: dict[str, Any], attributes: dict[str, Any]
) -> None:
    desk.cloud.offered = frozenset({"compute"})
    assert (await previewed(desk, resource)).detail.attributes == attributes


@pytest.mark.parametrize(
    ("resource", "fine"),
    [
        ({"type": "OS::Neutron::Port", "properties": {"network": ""}}, False),
        ({"type": "OS::Cinder::Volume", "properties": {"size": 1, "image": ""}}, False),
        ({"type": "OS::Cinder::Volume", "properties": {"size": 1, "name": ""}}, True),
    ],
)
async def test_nothing_goes_by_an_empty_name(
    desk: Desk, resource: dict[str, Any], fine: bool
) -> None:
    desk.cloud.offered = frozenset({"network", "block-storage"})
    if fine:
        await previewed(desk, resource)
        return
    with pytest.raises(InvalidDocument, match="Error validating value ''"):
        await previewed(desk, resource)


class _Note(Properties):
    read_until: str | None = prop("When it is of no use any more.", exists="expiration")


class _Notes(ResourceType[_Note]):
    """A note that gets old."""

    name = "My::Note"


@pytest.mark.parametrize(("date", "fine"), [("2013-01-01", False), ("2999-01-01", True)])
async def test_dates_of_properties_lie_ahead(desk: Desk, date: str, fine: bool) -> None:
    types = Registry({_Notes.name: _Notes()})
    desk.services = dataclasses.replace(desk.services, registry=types)
    resource = {"type": "My::Note", "properties": {"read_until": date}}
    if fine:
        await previewed(desk, resource)
        return
    with pytest.raises(InvalidDocument, match="is over"):
        await previewed(desk, resource)


async def test_environment_files_win_over_parameters(desk: Desk) -> None:
    template = {
        "heat_template_version": "2018-08-31",
        "parameters": {n: {"type": "string", "default": "usual"} for n in "abc"},
    }
    source = SourceRequest(
        template=template,
        environment={"parameters": {"c": "ignored"}},
        environment_files=("e.yaml",),
        files={"e.yaml": "parameters: {a: file}"},
        parameters={"a": "told", "b": "told"},
    )
    request = CreateRequest(name="web", source=source)
    preview = await preview_create(desk.services, desk.caller, request)
    shown = {name: preview.parameters[name] for name in "abc"}
    assert shown == {"a": "file", "b": "told", "c": "usual"}


async def test_a_template_that_nobody_sent_is_no_type(desk: Desk) -> None:
    source = SourceRequest(template=a_template(x={"type": "web.yaml"}))
    with pytest.raises(InvalidDocument, match=r"no content for the template web\.yaml"):
        await preview_create(desk.services, desk.caller, CreateRequest(name="web", source=source))


async def test_a_name_that_was_taken_meanwhile_is_told_though_identity_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def taken(*_: object, **__: object) -> None:
        raise NameTaken("web")

    async def away(credentials: object) -> None:
        raise Busy("identity is away", status=503)

    monkeypatch.setattr(desk.store, "create_stack", taken)
    monkeypatch.setattr(desk.cloud, "revoke", away)
    with pytest.raises(StackExists):
        await create(desk)


async def test_names_that_a_cloud_in_trouble_cannot_tell_are_left_to_the_engine(
    desk: Desk,
) -> None:
    volume = {"type": "OS::Cinder::Volume", "properties": {"size": 1, "volume_type": "fast"}}
    template = {"heat_template_version": "2018-08-31", "resources": {"v": volume}}
    request = CreateRequest(name="web", source=SourceRequest(template=template))
    desk.cloud.names.fail("list", "volume_type", Busy("later", status=503))
    stack = await create_stack(desk.services, desk.caller, request)
    assert stack.status is Status.IN_PROGRESS
