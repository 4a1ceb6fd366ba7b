"""Groups: the stacks of their members, batches, and what is read of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from isotherm.core.errors import Gone
from isotherm.core.schema import Blueprint
from isotherm.core.values import Secret, Unknown
from isotherm.kit import (
    Changes,
    Context,
    Failed,
    GroupType,
    Member,
    Pace,
    Pending,
    Properties,
    Ready,
    ReplaceInstead,
    StackIdentity,
    Started,
    attr,
    numbered_names,
    opened,
    prop,
    write_member,
)
from isotherm.kit.changes import Change
from isotherm.kit.context import Intent
from isotherm.kit.member_stacks import read_members, write_stack
from isotherm.kit.nested_stacks import Inside, NoNestedStacks
from isotherm.testing.virtual_time import EPOCH


class ManyProperties(Properties):
    size: int = prop("How many.", default=2)
    value: Any = prop("What each of them is.", default="v")


class Many(GroupType[ManyProperties]):
    by_name = frozenset({"attributes"})
    listed = frozenset({"outputs_list"})
    attributes = (attr("refs", list), attr("refs_map", dict), attr("attributes", dict))
    pace: Pace | None = None
    skips: Sequence[str] = ()

    def size(self, props: ManyProperties, data: Mapping[str, Any]) -> int:
        return props.size

    def names(self, size: int, data: Mapping[str, Any]) -> Sequence[str]:
        return numbered_names(size, data.get("skipped", ()))

    def members(
        self, props: ManyProperties, names: Sequence[str], data: Mapping[str, Any]
    ) -> Mapping[str, Member]:
        return {name: write_member(name, "T", {"is": props.value, "no": None}) for name in names}

    def growth(self, ctx: Context[ManyProperties]) -> Pace | None:
        return self.pace

    def rolling(self, ctx: Context[ManyProperties]) -> Pace | None:
        return self.pace

    async def take_stock(self, ctx: Context[ManyProperties]) -> None:
        ctx.data["skipped"] = list(self.skips)


class Stacks(NoNestedStacks):
    """Remembers what the stack was asked to be."""

    def __init__(self) -> None:
        self.asked: Blueprint | None = None
        self.history: list[str] = []

    def _ask(self, blueprint: Blueprint) -> None:
        self.asked = blueprint
        members = read_members(blueprint)
        self.history.append(
            " ".join(f"{n}={m.resource['properties']['is']}" for n, m in members.items())
        )

    async def create(self, resource: str, stack_id: str, name: str, blueprint: Blueprint) -> None:
        self._ask(blueprint)

    async def update(self, resource: str, stack_id: str, blueprint: Blueprint) -> None:
        if self.asked is None:
            raise Gone(stack_id)
        self._ask(blueprint)

    async def blueprint(self, stack_id: str) -> Blueprint | None:
        return self.asked


OUTPUTS = {"refs_map": {"0": "a", "1": "b"}}
DONE = {"name": "n", "status": "COMPLETE", "reason": "", "failure": None, "outputs": OUTPUTS}


def context(stacks: Stacks, **fields: Any) -> Context[ManyProperties]:
    return Context(
        stack=StackIdentity("id", "outer", "project", "user"),
        resource="many",
        props=ManyProperties(),
        physical_name="outer-many-token",
        intent=Intent("token", 1, EPOCH),
        api=NotImplemented,
        now=EPOCH,
        stacks=stacks,
        **{"sealed": {"size": 2, "value": "v"}, **fields},
    )


def test_a_group_is_made_at_once() -> None:
    stacks, group = Stacks(), Many()
    ctx = context(stacks, reads=frozenset({"resource.*.color", "refs"}))
    outcome = asyncio.run(group.create(ctx))
    assert outcome == Started(ctx.intent.uuid)
    assert stacks.asked is not None
    template = json.loads(stacks.asked.template)
    assert template["resources"]["1"] == {"type": "T", "properties": {"is": "v"}}
    assert template["outputs"] == {
        "refs_map": {"value": {"0": {"get_resource": "0"}, "1": {"get_resource": "1"}}},
        "attributes.color": {
            "value": {"0": {"get_attr": ["0", "color"]}, "1": {"get_attr": ["1", "color"]}}
        },
    }
    ctx.physical_id = ctx.intent.uuid
    assert asyncio.run(group.advance(ctx, DONE)) == Ready(DONE)
    assert asyncio.run(group.advance(ctx, {**DONE, "status": "IN_PROGRESS"})) == Pending()
    assert group.reference(ctx) == ctx.intent.uuid


def test_a_group_is_adopted_at_once_whatever_its_pace() -> None:
    stacks, group = Stacks(), Many()
    group.pace = Pace(batch=1, pause=30)
    ctx = context(stacks, kept={"kept": 1}, inside=("0", "1"))
    assert asyncio.run(group.adopt(ctx)) == Started(ctx.intent.uuid)
    assert stacks.history == ["0=v 1=v"]
    assert ctx.stage == ""


def test_a_group_may_be_made_in_batches_with_a_pause_between() -> None:
    stacks, group = Stacks(), Many()
    group.pace = Pace(batch=2, pause=30)
    ctx = context(stacks, sealed={"size": 3, "value": "v"})
    asyncio.run(group.create(ctx))

    def go_on(seconds: float) -> Any:
        ctx.now = EPOCH.fromtimestamp(EPOCH.timestamp() + seconds, EPOCH.tzinfo)
        outcome = asyncio.run(group.advance(ctx, DONE))
        if isinstance(outcome, Pending) and outcome.stage is not None:
            ctx.stage = outcome.stage
        return outcome

    assert stacks.history == [""]
    assert go_on(0) == Pending(0, stage="growing")
    assert go_on(10) == Pending(30)
    assert go_on(20) == Pending(20)
    assert go_on(40) == Pending(0, stage="")
    assert go_on(41) == Ready(DONE)
    assert stacks.history == ["", "0=v 1=v", "0=v 1=v 2=v"]


def test_a_new_definition_rolls_through_the_group_from_what_is_there() -> None:
    stacks, group = Stacks(), Many()
    asyncio.run(group.create(context(stacks)))
    group.pace = Pace(batch=1, in_service=2)
    ctx = context(stacks, sealed={"size": 2, "value": "w"}, physical_id="child")
    outcome = asyncio.run(group.update(ctx, Changes()))
    while outcome != Ready(DONE):
        assert isinstance(outcome, Pending)
        ctx = replace(ctx, stage=ctx.stage if outcome.stage is None else outcome.stage)
        outcome = asyncio.run(group.advance(ctx, DONE))
    assert stacks.history[1:] == ["0=v 1=v 2=w", "0=v 1=w 2=w", "0=w 1=w 2=w", "0=w 1=w"]


def test_an_interrupted_change_ends_when_all_is_as_wanted() -> None:
    stacks, group = Stacks(), Many()
    asyncio.run(group.create(context(stacks)))
    ctx = context(stacks, physical_id="child", stage="rolling")
    assert asyncio.run(group.advance(ctx, DONE)) == Ready(DONE)
    assert ctx.stage == ""


def test_members_that_are_skipped_stay_away() -> None:
    stacks, group = Stacks(), Many()
    group.skips = ["0"]
    ctx = context(stacks)
    asyncio.run(group.create(ctx))
    assert stacks.history == ["1=v 2=v"]
    assert ctx.data["skipped"] == ["0"]


@pytest.mark.parametrize("there", [True, False])
def test_a_group_whose_stack_is_gone_is_replaced(there: bool) -> None:
    class Vanishing(Stacks):
        async def blueprint(self, stack_id: str) -> Blueprint | None:
            return write_stack({}, ()) if there else None

    with pytest.raises(ReplaceInstead):
        asyncio.run(Many().update(context(Vanishing(), physical_id="child"), Changes()))


def test_secrets_reach_members_as_hidden_parameters_and_are_compared() -> None:
    secret = {"password": Secret("s3cret"), "list": [1, Secret({"a": 1})]}
    written = {"0": write_member("0", "T", {"is": secret}, metadata={"m": 1}, after="9")}
    blueprint = write_stack(written, ())
    assert "s3cret" not in blueprint.template
    template = json.loads(blueprint.template)
    types = {name: each["type"] for name, each in template["parameters"].items()}
    assert types == {
        "hidden.0.properties.is.password": "string",
        "hidden.0.properties.is.list.1": "json",
    }
    assert template["resources"]["0"]["depends_on"] == "9"
    assert read_members(blueprint) == written
    other = write_member(
        "0", "T", {"is": {**secret, "password": Secret("other")}}, metadata={"m": 1}, after="9"
    )
    assert read_members(blueprint)["0"] != other


class TestAttributes:
    group = Many()
    recorded: Mapping[str, Any] = {
        "refs": ["a", "b"],
        "refs_map": {"0": "a", "1": "b"},
        "resource.*.net": {"0": {"ip": 1}, "1": Secret({"ip": 2})},
        "resource.*.all": Secret({"0": 5}),
        "resource.0": "a",
    }

    def test_what_is_read_of_members_is_recorded_by_their_attribute(self) -> None:
        key = self.group.attribute_key
        assert key("attributes", "net") == key("outputs_list", "net") == key("net", "ip")
        assert key("net", "") == "resource.*.net"
        assert key("attributes", "") == "attributes"
        assert key("refs", "") == "refs"
        assert key("resource.0", "") == "resource.0"
        assert key("", "") == ""

    def test_paths_lead_into_each_member(self) -> None:
        read = self.group.read
        assert read(self.recorded, "net", ["ip"]) == [1, Secret(2)]
        assert read(self.recorded, "attributes", ["net", "ip"]) == {"0": 1, "1": Secret(2)}
        assert read(self.recorded, "outputs_list", ["net"]) == [{"ip": 1}, Secret({"ip": 2})]
        assert read(self.recorded, "all", []) == Secret([5])
        assert self.group.by_names(self.recorded, "all", []) == Secret({"0": 5})
        assert read(self.recorded, "refs", [1]) == "b"
        assert read(self.recorded, "resource.0", []) == "a"

    def test_the_map_of_references_is_given_as_a_whole(self) -> None:
        assert self.group.read(self.recorded, "refs_map", ["0"]) == {"0": "a", "1": "b"}

    def test_attributes_of_all_members_want_a_name(self) -> None:
        with pytest.raises(LookupError):
            self.group.read(self.recorded, "attributes", [])

    def test_values_come_from_the_outputs_of_the_stack(self) -> None:
        ctx = context(Stacks())
        remote = {**DONE, "outputs": {**OUTPUTS, "attributes.net": {"0": 1}}}
        assert self.group.attribute(ctx, remote, "refs") == ["a", "b"]
        assert self.group.attribute(ctx, remote, "resource.*.net") == {"0": 1}
        assert self.group.attribute(ctx, remote, "refs_map") == {"0": "a", "1": "b"}


def test_the_stack_is_foreseen_as_far_as_its_size_is_known() -> None:
    foresee = Many().type_schema().members
    assert foresee is not None
    known = foresee({"size": "2", "value": Unknown("other")}, {("net", "")})
    assert known is not None
    assert known.parameters == {
        "hidden.0.properties.is": Unknown("other"),
        "hidden.1.properties.is": Unknown("other"),
    }
    assert json.loads(known.template)["outputs"].keys() == {"refs_map", "attributes.net"}
    assert foresee({"size": Unknown("other")}, ()) is None
    assert foresee({"size": "many"}, ()) is None


def test_members_whose_form_is_unknown_are_not_foreseen() -> None:
    class Formed(Many):
        forming = ("value",)

    def is_foreseen(value: Any) -> bool:
        members = Formed().type_schema().members
        return members is not None and members({"value": value}, ()) is not None

    later = Unknown("other")
    for known in ("T", ["T"], {"type": "T", "properties": {"a": later}}, Secret({"type": "T"})):
        assert is_foreseen(known)
    for unknown in (later, ["T", later], {"type": later}, {"properties": later}, Secret(later)):
        assert not is_foreseen(unknown)


def test_of_a_secret_member_only_its_properties_are_hidden() -> None:
    member = write_member("0", Secret("T"), Secret({"is": "hush"}))
    assert member.resource["type"] == "T"
    assert member.hidden == {"hidden.0.properties.is": Secret("hush")}
    assert opened(Secret({"type": "T"})) == {"type": Secret("T")}
    assert opened({"type": "T"}) == {"type": "T"}


def test_a_group_may_have_members_that_nobody_can_foresee_and_only_its_own_attributes() -> None:
    class Hidden(Many):
        foreseeable = any_attribute = False

    foresee = Hidden().type_schema().members
    assert foresee is not None
    assert foresee({"size": 1}, ()) is None
    assert Hidden().attribute_key("net", "") == "net"


class Steady(GroupType[ManyProperties]):
    """Says nothing of how fast it goes."""

    size, names, members = Many.size, Many.names, Many.members


def test_all_members_at_once_where_a_type_says_nothing_else() -> None:
    stacks, group = Stacks(), Steady()
    ctx = context(stacks, sealed={"size": 3, "value": "v"})
    asyncio.run(group.create(ctx))
    ctx.physical_id = ctx.intent.uuid
    ctx.props.value = "w"
    ctx.sealed = {"size": 3, "value": "w"}
    asyncio.run(group.update(ctx, Changes({"value": Change("v", "w")})))
    assert stacks.history == ["0=v 1=v 2=v", "0=w 1=w 2=w"]


class Keeps(Many):
    """Leaves members as they were made, and lets them go when ``patience`` is over."""

    patience = 0.0

    def renews_members(self, ctx: Context[ManyProperties]) -> bool:
        return False

    async def leave(self, ctx: Context[ManyProperties], members: Collection[str]) -> float:
        return self.patience

    def stock_of(self, names: Sequence[str]) -> Mapping[str, Any]:
        return {"were": list(names)}


def test_members_may_keep_the_definition_that_they_were_made_with() -> None:
    stacks, group = Stacks(), Keeps()
    ctx = context(stacks, physical_id="stack")
    asyncio.run(group.create(ctx))
    ctx.sealed = {"size": 3, "value": "other"}
    asyncio.run(group.update(ctx, Changes({"value": Change("v", "other")})))
    assert stacks.history[-1] == "0=v 1=v 2=other"


def test_members_are_left_alone_until_they_may_go() -> None:
    stacks, group = Stacks(), Keeps()
    ctx = context(stacks, physical_id="stack")
    asyncio.run(group.create(ctx))
    ctx.sealed = {"size": 1, "value": "v"}
    group.patience = 7.0
    outcome = asyncio.run(group.update(ctx, Changes({"size": Change(2, 1)})))
    assert outcome == Pending(7.0, stage="rolling")
    assert stacks.history == ["0=v 1=v"]
    group.patience, ctx.stage = 0.0, "rolling"
    asyncio.run(group.advance(ctx, DONE))
    assert stacks.history[-1] == "0=v"


def test_a_group_that_is_found_again_knows_what_making_it_had_noted() -> None:
    stacks, group = Stacks(), Keeps()
    ctx = context(stacks)
    assert asyncio.run(group.find(ctx)) == ()
    asyncio.run(group.create(ctx))
    ctx.data = {}
    (found,) = asyncio.run(group.find(ctx))
    assert (found.physical_id, found.data) == (ctx.intent.uuid, {"were": ["0", "1"]})


def test_batches_go_on_though_nobody_noted_that_there_are_any() -> None:
    stacks, group = Stacks(), Many()
    group.pace = Pace(batch=1)
    ctx = context(stacks, physical_id="stack")
    asyncio.run(group.create(ctx))
    ctx.stage = ""
    asyncio.run(group.advance(ctx, DONE))
    assert stacks.history == ["", "0=v"]
    assert asyncio.run(Many().leave(ctx, ["0"])) == 0


class Shown(NoNestedStacks):
    """A stack of which its type is told what it shows."""

    def __init__(self, shown: dict[str, Any] | None) -> None:
        self.shown = shown

    async def show(self, stack_id: str) -> dict[str, Any] | None:
        return self.shown

    async def resources(self, stack_id: str) -> Mapping[str, Inside]:
        return {"0": Inside("a", failed=False), "1": Inside(None, failed=True)}


def test_a_group_that_is_not_as_wanted_tells_of_the_members_that_it_has() -> None:
    class Sound(Many):
        tells_of_failed = False

    partly = {"refs_map": {"0": "a", "1": None}, "attributes.color": {"0": "red", "1": None}}
    failed = {**DONE, "status": "FAILED", "outputs": {"told": 5}, "partly": partly}

    def observed(group: Many, shown: dict[str, Any] | None) -> Any:
        ctx = context(Stacks(), physical_id="stack")
        ctx.stacks = Shown(shown)
        return asyncio.run(group.observe(ctx))

    references = {"refs_map": {"0": "a", "1": "1"}}
    assert observed(Many(), failed)["outputs"] == {**partly, **references, "told": 5}
    assert observed(Sound(), failed)["outputs"] == {
        "refs_map": {"0": "a"},
        "attributes.color": {"0": "red"},
        "told": 5,
    }
    assert observed(Many(), {**DONE, "status": "FAILED", "partly": {}, "outputs": {}})[
        "outputs"
    ] == {"refs_map": {}}
    whole = {**DONE, "partly": {}}
    assert observed(Many(), whole) is whole
    assert observed(Many(), {**DONE, "status": "FAILED"}) == {**DONE, "status": "FAILED"}
    assert observed(Many(), None) is None


class Signalling(Many):
    """Its updates wait for signals of new members."""

    pace = Pace(batch=1, pause=60, share=100)


class Living(Stacks):
    """Members that are made anew get another reference."""

    async def resources(self, stack_id: str) -> Mapping[str, Inside]:
        assert self.asked is not None
        members = read_members(self.asked)
        return {
            name: Inside(f"{name}-{each.resource['properties']['is']}", failed=False)
            for name, each in members.items()
        }


def updating(stacks: Stacks, **fields: Any) -> Context[ManyProperties]:
    asyncio.run(Many().create(context(stacks)))
    sealed = {"size": 2, "value": "w"}
    return context(stacks, recorded=ManyProperties(), physical_id="inner", sealed=sealed, **fields)


def advanced(group: Many, ctx: Context[ManyProperties], later: float = 0, **heard: str) -> Any:
    """What a look gives, ``later`` seconds after the last and with more that was heard."""
    ctx.now += timedelta(seconds=later)
    ctx.heard = {**ctx.heard, **heard}
    outcome = asyncio.run(group.advance(ctx, DONE))
    if isinstance(outcome, Pending) and outcome.stage is not None:
        ctx.stage = outcome.stage
    return outcome


def test_each_batch_of_an_update_waits_for_signals_of_its_members() -> None:
    stacks, group = Living(), Signalling()
    ctx = updating(stacks)
    assert asyncio.run(group.update(ctx, Changes())) == Pending(0, stage="noted")
    ctx.stage = "noted"
    assert len(stacks.history) == 1, "what is new is written down before anything changes"
    assert advanced(group, ctx) == Pending(0, stage="rolling")
    assert stacks.history[1:] == ["0=v 1=w"]
    assert advanced(group, ctx) == Pending(60)
    assert advanced(group, ctx, later=20) == Pending(40)
    assert advanced(group, ctx, a="SUCCESS") == Pending(0, stage="rolling")
    assert stacks.history[2:] == ["0=w 1=w"]
    assert advanced(group, ctx, later=30) == Pending(60)
    assert advanced(group, ctx, b="SUCCESS") == Ready(DONE)


def test_whoever_goes_on_with_a_batch_that_was_begun_does_not_begin_another() -> None:
    stacks, group = Living(), Signalling()
    ctx = updating(stacks)
    asyncio.run(group.update(ctx, Changes()))
    ctx.stage = "noted"
    asyncio.run(group.advance(ctx, DONE))
    # It died before it could record that.
    ctx.stage = "noted"
    assert advanced(group, ctx) == Pending(0, stage="rolling")
    assert len(stacks.history) == 2
    assert advanced(group, ctx) == Pending(60)


def test_too_few_signals_of_success_end_an_update() -> None:
    stacks, group = Living(), Signalling()
    ctx = updating(stacks)
    asyncio.run(group.update(ctx, Changes()))
    ctx.stage = "noted"
    advanced(group, ctx)
    failed = advanced(group, ctx, a="FAILURE")
    assert (failed.kind, "received a: FAILURE" in failed.reason) == ("UpdatePolicyFailure", True)


@pytest.mark.parametrize(("share", "goes_on"), [(100, False), (50, True)])
def test_who_does_not_signal_in_time_has_failed(share: int, goes_on: bool) -> None:
    stacks, group = Living(), Signalling()
    group.pace = Pace(batch=1, pause=60, share=share)
    ctx = updating(stacks)
    asyncio.run(group.update(ctx, Changes()))
    ctx.stage = "noted"
    advanced(group, ctx)
    advanced(group, ctx)
    outcome = advanced(group, ctx, later=60)
    assert isinstance(outcome, Pending if goes_on else Failed)


def test_an_update_that_makes_nothing_new_waits_for_nothing() -> None:
    stacks, group = Living(), Signalling()
    ctx = updating(stacks)
    ctx.sealed = {"size": 2, "value": "v"}
    asyncio.run(group.update(ctx, Changes()))
    ctx.stage = "noted"
    advanced(group, ctx)
    assert advanced(group, ctx) == Ready(DONE)
