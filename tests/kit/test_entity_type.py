"""Types that are one object: names, tags, parents, deletes that wait, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from isotherm.core.errors import Conflict, Exists, Gone
from isotherm.kit import (
    AssociationType,
    Context,
    Entity,
    EntityType,
    Failed,
    Pending,
    Properties,
    QuotaType,
    Ready,
    Remote,
    Unknown,
    exchange,
    former,
    hidden,
    keep_copy,
    prop,
)
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

BOX = Entity("acme", "box", "/boxes", "boxes")
PART = Entity("acme", "part", "/boxes/{parent}/parts", "parts")
QUOTA = Entity("acme", "quota", "/quotas", "quotas", id_field="project")


class BoxProperties(Properties):
    name: str | None = prop(update_allowed=True)
    size: int | None = prop(update_allowed=True)
    tags: list[str] | None = prop(items=prop(), sends=None, reads="tags", update_allowed=True)


class Box(EntityType[BoxProperties]):
    name = "Acme::Box"
    entity = BOX
    patience = 5.0
    status_field = "state"
    ready_statuses = frozenset({"up"})
    failed_statuses = frozenset({"broken"})
    gone_statuses = frozenset({"scrapped"})


class PartProperties(Properties):
    box: str = prop(sends=None)


class Part(EntityType[PartProperties]):
    entity = PART
    parent_property = "box"
    name_field = "label"


class LinkProperties(Properties):
    box: str = prop(update_allowed=True)
    peer: str = prop(update_allowed=True)


class Peering(AssociationType[LinkProperties]):
    entity = BOX

    def identity(self, props: LinkProperties) -> str:
        return props.box

    async def join(self, ctx: Context[LinkProperties]) -> None:
        await ctx.api.update(BOX, ctx.props.box, {"peer": ctx.props.peer})

    async def part(self, ctx: Context[LinkProperties]) -> None:
        await ctx.api.update(BOX, ctx.physical_id, {"peer": None})

    async def connection(self, ctx: Context[LinkProperties], identity: str) -> Remote | None:
        remote = await ctx.api.show(BOX, identity)
        return remote if remote.get("peer") else None


class BoxQuotaProperties(Properties):
    project: str = prop()
    boxes: int | None = prop(update_allowed=True)
    parts: int | None = prop(update_allowed=True)


class BoxQuota(QuotaType[BoxQuotaProperties]):
    entity = QUOTA


class Standing(RecordingCloud):
    """Where nothing that is deleted goes: a project always has a quota."""

    def remove(self, entity: Entity, physical_id: str, *, parent: str = "") -> None:
        pass


def begin(kind: EntityType[Any], **properties: Any) -> ResourceRun:
    return ResourceRun.begin(kind, properties, RecordingCloud(entities=(BOX, PART, QUOTA)))


async def a_box(**properties: Any) -> ResourceRun:
    run = begin(Box(), **properties)
    run.world = lambda: [each.setdefault("state", "up") for each in run.cloud.objects(BOX).values()]
    assert isinstance(await run.create(), Ready)
    return run


async def test_an_object_goes_by_the_physical_name_until_and_after_it_has_one() -> None:
    run = await a_box()
    await run.update({"name": "mine"})
    await run.update({})
    names = [each.body["name"] for each in run.cloud.made()]
    assert names == ["stack-it-token", "mine", "stack-it-token"]


async def test_tags_have_a_call_of_their_own() -> None:
    run = await a_box(tags=["a"])
    path = f"PUT /boxes/{run.ctx.physical_id}/tags"
    assert [each.what for each in run.cloud.made()] == ["box", path]
    run.cloud.put(BOX, run.ctx.physical_id, tags=["a"])
    await run.update({"tags": ["a"], "size": 2})
    await run.update({"size": 2})
    assert [each.body for each in run.cloud.made("call", path)] == [{"tags": ["a"]}, {"tags": []}]
    assert run.type.live({"tags": ["a"], "size": 2}) == {"size": 2, "tags": ["a"]}


async def test_a_delete_waits_for_users_as_long_as_it_has_patience() -> None:
    run = await a_box()
    run.cloud.fail("delete", "box", Conflict("in use"), Conflict("in use"))
    assert isinstance(await run.delete(), Ready)
    run = await a_box()
    run.cloud.fail("delete", "box", *[Conflict("in use")] * 9)
    with pytest.raises(Conflict):
        await run.delete()


def test_an_object_may_be_shown_after_its_end() -> None:
    assert Box().judge_delete({"state": "scrapped"}) == Ready()
    assert isinstance(Box().judge_delete({"state": "broken"}), Failed)


async def test_an_object_lies_in_its_parent_and_is_found_by_its_label() -> None:
    run = begin(Part(), box="b")
    assert isinstance(await run.create(), Ready)
    (part,) = run.cloud.objects(PART, parent="b").values()
    assert part["label"] == "stack-it-token"
    assert [each.physical_id for each in await run.crash().type.find(run.ctx)] == [part["id"]]
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(PART, parent="b") == {}


async def test_an_association_is_joined_found_moved_and_parted() -> None:
    run = begin(Peering(), box="one", peer="x")
    assert await run.type.find(run.ctx) == ()
    boxes = {name: run.cloud.put(BOX, name, peer=None) for name in ("one", "two")}
    assert await run.type.observe(run.ctx) == {}
    assert isinstance(await run.create(), Ready)
    (found,) = await run.type.find(run.crash().ctx)
    assert (found.physical_id, found.exclusive) == ("one", False)
    await run.update({"box": "one", "peer": "y"})
    assert boxes["one"]["peer"] == "y"
    await run.update({"box": "two", "peer": "y"})
    assert (boxes["one"]["peer"], boxes["two"]["peer"]) == (None, "y")
    assert run.ctx.physical_id == "two"
    assert isinstance(await run.delete(), Ready)
    assert boxes["two"]["peer"] is None


async def test_an_association_of_what_is_gone_is_gone() -> None:
    run = begin(Peering(), box="one", peer="x")
    run.cloud.put(BOX, "one")
    await run.create()
    run.cloud.put(BOX, "one", peer=None)
    assert await run.type.observe(run.ctx) is None
    run.cloud.calls.clear()
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.made() == [], "what leads nowhere is not parted"
    run.cloud.remove(BOX, "one")
    assert await run.type.observe(run.ctx) is None
    assert isinstance(await run.delete(), Ready)
    assert run.type.judge_delete({}) is not None


async def test_a_quota_sets_limits_and_gives_them_up_together() -> None:
    cloud = Standing(entities=(QUOTA,))
    run = ResourceRun.begin(BoxQuota(), {"project": "p", "boxes": 3, "parts": 4}, cloud)
    run.cloud.put(QUOTA, "p", boxes=10)
    assert isinstance(await run.create(), Ready)
    assert run.cloud.made("update")[0].body == {"boxes": 3, "parts": 4}
    assert await run.type.find(run.ctx) == ()
    await run.update({"project": "p", "boxes": 5, "parts": 4})
    assert run.cloud.made("delete") == []
    await run.update({"project": "p", "boxes": 5})
    assert [each.physical_id for each in run.cloud.made("delete")] == ["p"]


async def test_limits_that_were_given_up_before_an_interruption_are_set_anew() -> None:
    run = begin(BoxQuota(), project="p", boxes=3, parts=4)
    run.cloud.put(QUOTA, "p", boxes=10)
    await run.create()
    run.cloud.fail("delete", "quota", Gone("no limits are set"))
    assert isinstance(await run.update({"project": "p", "parts": 5}), Ready)
    assert run.cloud.made("update")[-1].body == {"parts": 5}


async def test_a_quota_is_deleted_by_giving_its_limits_up() -> None:
    run = begin(BoxQuota(), project="p", boxes=3)
    assert isinstance(await run.type.delete(run.ctx), Ready)
    run.cloud.put(QUOTA, "p")
    await run.create()
    for _ in range(2):
        assert isinstance(await run.delete(), Ready)
    assert await run.type.observe(run.ctx) is None


def test_a_quota_limits_something() -> None:
    assert [path for path, _ in BoxQuota().validate({"project": "p"})] == ["project"]
    assert list(BoxQuota().validate({"project": "p", "boxes": 1})) == []


async def test_gone_means_gone() -> None:
    run = begin(Part(), box="b")
    run.ctx.physical_id = "x"
    assert await run.type.observe(run.ctx) is None
    with pytest.raises(Gone):
        await run.type.delete(run.ctx)


class Crate(EntityType[PartProperties]):
    entity = Entity("acme", "crate", "/crates", "crates")
    chooses_id = True


async def test_an_object_whose_id_is_chosen_is_found_by_that_and_its_name() -> None:
    run = ResourceRun.begin(Crate(), {"box": "b"}, RecordingCloud(entities=(Crate.entity,)))
    assert await run.type.find(run.ctx) == []
    await run.create()
    assert run.ctx.physical_id == run.ctx.intent.uuid
    assert [each.physical_id for each in await run.crash().type.find(run.ctx)] == [
        run.ctx.intent.uuid
    ]
    run.cloud.put(Crate.entity, run.ctx.intent.uuid, name="somebody else's")
    assert await run.type.find(run.ctx) == []


async def test_members_come_and_go_by_one_call_each() -> None:
    calls: list[str] = []

    async def remove(member: str) -> None:
        calls.append(f"-{member}")
        raise Gone("out already")

    async def add(member: str) -> None:
        calls.append(f"+{member}")
        raise Exists("in already")

    assert await exchange(["a", "b"], ["b", "c"], add=add, remove=remove)
    assert calls == ["-a", "+c"]
    assert not await exchange(None, None, add=add, remove=remove)


class ChoiceProperties(Properties):
    box: str | None = prop()
    old_peer: str | None = former("peer", support=hidden("1"))
    peer: str | None = prop()
    other: str | None = prop()


class Choice(EntityType[ChoiceProperties]):
    entity = BOX
    exclusive = (("box", "peer", "other"),)
    one_of = (("box", "peer"), ("other", "box", "peer"))


@pytest.mark.parametrize(
    ("properties", "problems"),
    [
        ({"box": "b"}, []),
        ({"old_peer": "p"}, []),
        ({"box": Unknown()}, []),
        ({"box": Unknown(), "peer": "p"}, []),
        ({"box": "b", "old_peer": "p"}, [("peer", "cannot be used together with box")]),
        ({"box": Unknown("a"), "peer": "p"}, [("peer", "cannot be used together with box")]),
        (
            {"other": "o", "box": ""},
            [("box", "must be given unless peer is")],
        ),
        (
            {},
            [
                ("box", "must be given unless peer is"),
                ("other", "must be given unless one of box, peer is"),
            ],
        ),
    ],
)
def test_properties_exclude_and_need_each_other(
    properties: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    assert list(Choice().validate(properties)) == problems


async def test_what_is_pending_is_waited_for_and_a_delete_too() -> None:
    run = await a_box()
    assert await run.type.settle(run.ctx, {"state": "moving"}) == Pending(1.0)
    assert await run.type.settle(run.ctx, {"state": "up"}) is None
    assert await Choice().settle(run.ctx, {}) is None
    assert await run.type.advance_delete(run.ctx, {"state": "leaving"}) == Pending(1.0)


async def test_an_association_makes_way_and_comes_back() -> None:
    run = begin(Peering(), box="one", peer="x")
    box = run.cloud.put(BOX, "one", peer=None)
    await run.create()
    await run.type.make_way(run.ctx)
    assert box["peer"] is None
    for _ in range(2):
        await run.type.take_back(run.ctx)
        assert box["peer"] == "x"
    assert len(run.cloud.made("update")) == 3


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("up", None),
        ("making", Pending()),
        ("error_making", Failed("The part went to error_making")),
    ],
)
async def test_a_copy_is_made_once_and_waited_for(status: str, outcome: Any) -> None:
    run = begin(Box())
    copy = Entity("acme", "part", "/parts", "parts")
    run.cloud.entities = (copy,)

    def make() -> Awaitable[Remote]:
        return run.ctx.api.create(copy, {"name": run.ctx.physical_name})

    assert await keep_copy(run.ctx, copy, "up", make) == Pending()
    (made,) = run.cloud.objects(copy).values()
    made["status"] = status
    assert await keep_copy(run.ctx, copy, "up", make) == outcome
    assert len(run.cloud.made("create")) == 1


def test_a_context_tells_what_an_update_changes() -> None:
    run = begin(Box(), size=1)
    assert not run.ctx.changes("size")
    run.ctx.recorded = BoxProperties.of({"size": 2})
    assert run.ctx.changes("size")
    assert not run.ctx.changes("name")


def test_the_service_is_that_of_the_entity_unless_the_type_names_another() -> None:
    class Shelf(EntityType[BoxProperties]):
        service = "storage"
        entity = BOX

    class Rack(Shelf):
        entity = PART

    assert Box.service == "acme"
    assert Shelf.service == "storage"
    assert Rack.service == "storage"


class ShareProperties(Properties):
    box: str = prop()
    whom: str = prop()
    readers: list[str] | None = prop(sends=None)


class Share(EntityType[ShareProperties]):
    entity = Entity("acme", "share", "/shares", "shares")
    name_field = ""
    alike = ("box", "whom")
    completes = ("readers",)


async def test_what_has_no_name_is_found_by_what_it_is_alike_in() -> None:
    run = ResourceRun.begin(Share(), {"box": "b", "whom": "me"})
    run.cloud.put(Share.entity, "other", box="b", whom="you")
    run.cloud.put(Share.entity, "ours", box="b", whom="me", note="made by us")
    assert [each.physical_id for each in await run.type.find(run.ctx)] == ["ours"]


@pytest.mark.parametrize(("readers", "unfinished"), [(None, False), ([], False), (["you"], True)])
def test_calls_follow_a_create_where_a_property_needs_them(
    readers: list[str] | None, unfinished: bool
) -> None:
    share = Share()
    run = ResourceRun.begin(share, {"box": "b", "whom": "me", "readers": readers})
    assert share.unfinished(run.ctx) is unfinished
