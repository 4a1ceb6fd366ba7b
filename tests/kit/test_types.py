"""Resource types: what a class gets for nothing, and the catalogue."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from isotherm.core.schema import ValueType
from isotherm.kit import (
    SHOW,
    Changes,
    Entity,
    EntityType,
    Failed,
    NamedType,
    Pending,
    Properties,
    Ready,
    Registry,
    ResourceType,
    Sibling,
    Started,
    attr,
    changeable,
    load_registry,
    prop,
)
from isotherm.kit.changes import Change
from isotherm.kit.context import Context, Intent, StackIdentity
from isotherm.kit.signals import Signalled
from isotherm.testing.virtual_time import EPOCH, VirtualClock, run_virtually
from isotherm.testing.world import Thing, ThingProperties, World


class BoxProperties(Properties):
    size: int | None = prop("How big.", update_allowed=True)


class Box(ResourceType[BoxProperties]):
    """A box.

    With more to say about it.
    """

    name = "Test::Box"
    attributes = (attr("size", int, "How big.", source="remote_size"), attr("shape", None))


class Nested(EntityType[ThingProperties]):
    entity = Entity("world", "part", "/things/{parent}/parts", "parts")
    status_field = ""


def context(api: Any = None, **fields: Any) -> Context[Any]:
    values = fields.pop("values", {})
    return Context(
        stack=StackIdentity("id", "stack", "project", "user"),
        resource="a",
        props=ThingProperties.of(values),
        physical_name="stack-a-token",
        intent=Intent("token", 1, EPOCH),
        api=api,
        now=EPOCH,
        **fields,
    )


def test_a_plain_type_is_ready_at_once_and_has_no_object() -> None:
    async def verbs() -> list[Any]:
        box, ctx = Box(), context()
        return [
            await box.create(ctx),
            await box.update(ctx, Changes()),
            await box.delete(ctx),
            await box.observe(ctx),
            await box.find(ctx),
            await box.suspend(ctx),
            await box.resume(ctx),
            await box.adjust(ctx),
        ]

    assert asyncio.run(verbs()) == [Ready(), Ready(), Ready(), {}, (), *([Ready({})] * 3)]
    assert Box().receive(Signalled({}, {}, {}, EPOCH), {"a": 1}) is None
    assert Box.effectless
    assert Box().reference(context()) == "a"
    assert Box().reference(context(physical_id="id-a")) == "id-a"
    assert Box().own_metadata({"a": 1}) == {}


def test_a_plain_type_has_nothing_to_copy_and_is_adopted_with_what_was_noted() -> None:
    async def copy() -> list[Any]:
        return [await verb(ctx) for verb in (box.snapshot, box.restore, box.discard, box.adopt)]

    box, ctx = Box(), context()
    assert asyncio.run(copy()) == [Ready({}), Ready({}), Ready({}), Ready()]
    assert not box.restorable({"copy": "1"})
    assert box.adopted_data({"a": 1}) == {"a": 1}
    assert box.live({"size": 1}) == {}
    ctx.snapshot_id = "0123456789abcdef"
    assert ctx.copy_name == f"{ctx.physical_name}-0123456789abc"


def test_a_plain_type_goes_on_by_judging_and_has_nothing_to_fetch() -> None:
    async def verbs() -> list[Any]:
        box, ctx = Box(), context()
        return [await box.advance(ctx, {"a": 1}), await box.advance_delete(ctx, {})]

    assert asyncio.run(verbs()) == [Ready({"a": 1}), Failed("the object is still there")]
    with pytest.raises(LookupError, match="console"):
        asyncio.run(Box().fetch(context(), "console"))
    assert asyncio.run(Box().refusal(context())) == "", "nobody is asked before it is made"


def test_a_named_type_goes_by_its_physical_name() -> None:
    class Tag(NamedType[BoxProperties]):
        pass

    ctx = context()
    assert asyncio.run(Tag().create(ctx)) == Ready({})
    assert Tag().reference(ctx) == "stack-a-token"


def test_all_attributes_of_an_entity_are_what_the_cloud_tells() -> None:
    remote = {"status": "ACTIVE", "size": 3}
    assert Thing().attribute(context(), remote, SHOW) == remote
    assert Thing().attribute(context(), remote, "size") == 3


def test_a_plain_type_has_no_rules() -> None:
    box, sibling = Box(), Sibling("a", "Test::Box", {})
    assert list(box.validate({"size": 1})) == []
    assert list(box.implicit_dependencies(sibling, [sibling])) == []
    assert box.foreseen({"size": 1}) == {}, "nothing is known before it is made"
    none = BoxProperties.of({})
    assert not box.replaces(Changes({"size": Change(1, 2)}), none, none)


class CrateProperties(Properties):
    size: int | None = changeable("How big.", ge=1)
    label: str | None = prop("What it says.")
    lid: str | None = changeable("How it closes.")


class Crate(ResourceType[CrateProperties]):
    renewed_by = ("size",)
    refers_by = "physical_name"


def test_what_is_changeable_is_changed_in_place_unless_its_object_has_to_be_renewed() -> None:
    allowed = {name for name, each in CrateProperties.schema.items() if each.update_allowed}
    assert allowed == {"size", "lid"}
    none, crate = CrateProperties.of({}), Crate()
    assert crate.replaces(Changes({"size": Change(1, 2)}), none, none)
    assert not crate.replaces(Changes({"lid": Change("a", "b")}), none, none)


def test_a_reference_may_stand_for_another_name() -> None:
    assert Crate().reference(context()) == "stack-a-token"


def test_the_schema_of_a_type_has_its_first_line_and_all_attributes() -> None:
    schema = Box().type_schema()
    assert schema.description == "A box."
    assert list(schema.attributes) == ["size", "shape", SHOW]
    assert schema.attributes["size"].type is ValueType.INTEGER
    assert schema.attributes["shape"].type is None
    assert schema.properties is BoxProperties.schema


def test_attributes_are_read_by_their_source() -> None:
    assert Box().attribute(context(), {"remote_size": 7}, "size") == 7
    with pytest.raises(LookupError):
        Box().attribute(context(), {}, "unheard-of")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("ACTIVE", Ready({"status": "ACTIVE"})),
        ("ERROR", Failed('Went to status ERROR due to "Unknown"')),
        ("BUILDING", Pending(1.0)),
        (None, Pending(1.0)),
    ],
)
def test_an_entity_is_judged_by_its_status(status: str | None, outcome: Any) -> None:
    assert Thing().judge({"status": status}) == outcome


def test_an_entity_without_states_is_ready_when_it_exists() -> None:
    assert Nested().judge({}) == Ready({})
    assert Nested().judge_delete({}) == Pending(1.0)
    assert isinstance(Thing().judge_delete({"status": "ERROR"}), Failed)


def test_what_lies_in_a_parent_is_not_polled_by_list() -> None:
    assert Nested().poll_entity is None
    assert Thing().poll_entity is Thing.entity
    assert Box().poll_entity is None


def test_the_life_of_an_entity() -> None:
    async def life() -> None:
        world = World(VirtualClock())
        api = await world.connect({})
        thing, ctx = Thing(), context(api, values={"size": 3})
        started = await thing.create(ctx)
        assert isinstance(started, Started)
        assert world.things[started.physical_id]["name"] == "stack-a-token"
        (found,) = await thing.find(ctx)
        assert found.physical_id == started.physical_id
        ctx.physical_id = started.physical_id
        ctx.props = ThingProperties.of({"size": 4})
        await thing.update(ctx, Changes({"size": Change(3, 4)}))
        assert world.things[started.physical_id]["size"] == 4
        calls = len(world.calls)
        assert await thing.update(ctx, Changes()) == Pending(0)
        assert len(world.calls) == calls, "nothing to say, no call"
        assert await thing.delete(ctx) == Pending(0, stage="deleting")
        await asyncio.sleep(5)
        assert await thing.observe(ctx) is None

    run_virtually(life)


def test_an_object_that_was_never_made_is_gone_already() -> None:
    assert asyncio.run(Thing().delete(context())) == Ready()
    assert asyncio.run(Thing().observe(context())) == {}


def test_a_context_tells_what_changed_and_how_long_it_takes() -> None:
    ctx = context(values={"size": 2, "colour": "red"}, recorded=ThingProperties.of({"size": 1}))
    assert ctx.changed == {"size", "colour"}
    assert context(values={"size": 2}).changed == {"size"}
    assert ctx.elapsed == 0
    assert ctx.intent.uuid == Intent("token", 2, EPOCH).uuid != Intent("other", 1, EPOCH).uuid


def test_the_registry_knows_types_by_name_and_suggests() -> None:
    registry = Registry({"Test::Box": Box(), "Test::Thing": Thing()})
    assert set(registry) == set(registry.names()) == {"Test::Box", "Test::Thing"}
    assert len(registry) == 2
    assert registry.lookup("Test::Box") is registry.lookup("Test::Box")
    assert registry.lookup("Test::Bux") is None
    assert "Test::Box" in registry.nearest("Test::Bux")


def test_all_types_of_the_package_are_found_by_entry_points() -> None:
    registry = load_registry()
    assert {"OS::Heat::Value", "OS::Nova::Server", "OS::Cinder::Volume"} <= set(registry)
    assert all(each.name == name for name, each in registry.items())
    assert "OS::Heat::Value" in registry
    assert "OS::Heat::Unheard" not in registry


def test_a_type_is_loaded_when_it_is_first_needed() -> None:
    code = """if True:
        import sys
        from isotherm.kit.plugins import load_registry
        registry = load_registry()
        assert "OS::Nova::Server" in registry and registry.nearest("OS::Heat::Valu")
        loaded = lambda: [each for each in sys.modules if each.startswith("isotherm.resources.")]
        assert loaded() == [], loaded()
        registry.lookup("OS::Heat::Value")
        assert loaded() == ["isotherm.resources.orchestration",
            "isotherm.resources.orchestration.value"], loaded()
        """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_registry_takes_more_types_and_they_come_first() -> None:
    ours, box = load_registry(), Box()
    registry = ours.including({"Test::Box": box, "OS::Heat::Value": box})
    assert registry["Test::Box"] is registry["OS::Heat::Value"] is box
    assert len(registry) == len(ours) + 1
    assert ours["OS::Heat::Value"] is not box


def test_a_module_without_its_type_is_told() -> None:
    with pytest.raises(LookupError, match=r"isotherm\.kit\.outcomes registers no .* Test::Nothing"):
        Registry({}, {"Test::Nothing": "isotherm.kit.outcomes"})["Test::Nothing"]


def test_entities_name_their_operations() -> None:
    assert Thing.entity.operation == "world.thing"
    assert Entity("s", "", "/p", "plural").operation == "s.plural"


def test_a_check_looks_whether_the_object_is_there_and_sound() -> None:
    class Seen(Box):
        def __init__(self, remote: Any) -> None:
            self.remote = remote

        async def observe(self, ctx: Context[Any]) -> Any:
            return self.remote

        def judge(self, remote: Any) -> Any:
            return Pending() if remote["busy"] else Failed("broken")

    checked = [asyncio.run(Seen(r).check(context())) for r in ({"busy": True}, {"busy": False})]
    assert checked == [Ready({"busy": True}), Failed("broken")]
    assert isinstance(asyncio.run(Seen(None).check(context())), Failed)


def test_changes_are_looked_up_by_name() -> None:
    changes = Changes({"size": Change(1, 2)})
    assert changes["size"].after == 2
    assert (list(changes), len(changes), "colour" in changes) == (["size"], 1, False)


def test_by_default_an_object_is_at_rest_and_has_no_neighbours() -> None:
    ctx = context()
    assert asyncio.run(Box().settle(ctx, {})) is None
    assert ctx.neighbour("other") is None


def test_what_a_template_says_of_updates_is_read_by_its_type() -> None:
    class BoxPolicy(Properties):
        gently: bool = prop("Whether it is carried with care.", default=False)

    class Careful(Box):
        UpdatePolicy = BoxPolicy

    policy: Any = Careful().read_policy({"gently": "true"})
    unsaid: Any = Careful().read_policy(None)
    assert (policy.gently, unsaid.gently) == (True, False)
    assert not Careful().awaits_signals(policy)
    assert list(Careful().validate_policy({"gently": True})) == []
