"""Types that are several connections of one object."""

from __future__ import annotations

from collections.abc import Collection, Set

from isotherm.core.errors import Exists, Gone
from isotherm.kit import Context, Failed, MembershipsType, Properties, Ready, prop
from isotherm.testing.resource_run import ResourceRun


class CrewProperties(Properties):
    ship: str = prop(update_allowed=True)
    sailors: list[str] | None = prop(items=prop(), sends=None, update_allowed=True)


Here = Context[CrewProperties]


class Crew(MembershipsType[CrewProperties]):
    name = "Acme::Crew"

    def __init__(self, *aboard: str) -> None:
        self.aboard = set(aboard)
        self.sunk = False
        self.calls: list[str] = []

    def members(self, props: CrewProperties) -> Set[str]:
        return {f"{props.ship}/{each}" for each in props.sailors or ()}

    async def add(self, ctx: Here, member: str) -> None:
        self.calls.append(f"+{member}")
        if member in self.aboard:
            raise Exists("aboard")
        self.aboard.add(member)

    async def take(self, ctx: Here, member: str) -> None:
        self.calls.append(f"-{member}")
        if member not in self.aboard:
            raise Gone("ashore")
        self.aboard.remove(member)

    async def shown(self, ctx: Here, members: Collection[str]) -> Set[str]:
        if self.sunk:
            raise Gone("the ship")
        return set(self.aboard)


def begin(crew: Crew, *sailors: str) -> ResourceRun:
    return ResourceRun.begin(crew, {"ship": "a", "sailors": list(sailors)})


async def test_members_come_and_go() -> None:
    run = begin(crew := Crew("a/other"), "x", "y")
    assert isinstance(await run.create(), Ready)
    assert run.ctx.physical_id == "stack-it-token"
    assert crew.aboard == {"a/other", "a/x", "a/y"}
    assert isinstance(await run.update({"ship": "a", "sailors": ["y", "z"]}), Ready)
    assert crew.aboard == {"a/other", "a/y", "a/z"}
    assert isinstance(await run.update({"ship": "b", "sailors": ["y"]}), Ready)
    assert crew.aboard == {"a/other", "b/y"}
    assert isinstance(await run.update({"ship": "b"}), Ready)
    assert isinstance(await run.type.check(run.ctx), Ready)
    assert crew.aboard == {"a/other"}


async def test_who_is_aboard_already_is_fine() -> None:
    run = begin(crew := Crew("a/x"), "x")
    assert isinstance(await run.create(), Ready)
    assert isinstance(await run.delete(), Ready)
    assert crew.aboard == set()


async def test_a_delete_takes_what_an_unfinished_change_has_added() -> None:
    run = begin(crew := Crew(), "x")
    await run.create()
    run.ctx.recorded, run.ctx.props = run.ctx.props, CrewProperties.of({"ship": "b", "sailors": []})
    run.ctx.props = CrewProperties.of({"ship": "b", "sailors": ["z"]})
    await run.type.update(run.ctx, run.changes())
    crew.aboard.add("b/z")
    run.ctx.props, run.ctx.recorded = run.ctx.recorded, None
    assert isinstance(await run.delete(), Ready)
    assert crew.aboard == set()


async def test_what_was_made_is_found_and_completed() -> None:
    crew = Crew("a/x")
    run = begin(crew, "x", "y").crash()
    (found,) = await run.type.find(run.ctx)
    run.ctx.physical_id, run.ctx.data = found.physical_id, dict(found.data)
    remote = await run.type.observe(run.ctx)
    assert remote == {"members": ["a/x"]}
    assert isinstance(await run.type.advance(run.ctx, remote), Ready)
    assert crew.aboard == {"a/x", "a/y"}
    assert await begin(Crew(), "x").type.find(run.ctx) == ()


async def test_nothing_is_held_before_anything_is_made() -> None:
    run = begin(crew := Crew(), "x")
    assert await run.type.observe(run.ctx) == {}
    assert isinstance(await run.delete(), Ready)
    assert crew.calls == []


async def test_one_that_is_missing_is_noticed_and_none_at_all_is_gone() -> None:
    run = begin(crew := Crew(), "x", "y")
    await run.create()
    del run.ctx.data["held"]  # as of a resource that was taken over
    assert isinstance(await run.type.check(run.ctx), Ready)
    crew.aboard.remove("a/x")
    assert isinstance(await run.type.check(run.ctx), Failed)
    crew.aboard.remove("a/y")
    assert await run.type.observe(run.ctx) is None
    crew.sunk = True
    assert await run.type.observe(run.ctx) is None
    assert isinstance(await run.delete(), Ready)


async def test_who_has_gone_in_between_is_no_trouble() -> None:
    run = begin(crew := Crew(), "x")
    await run.create()
    await run.type.update(run.ctx, run.changes())
    run.ctx.props = CrewProperties.of({"ship": "a", "sailors": []})
    crew.aboard.clear()
    run.ctx.stage = "changing"
    assert await run.type.observe(run.ctx) == {"members": []}
    await run.type.advance(run.ctx, {"members": ["a/x"]})
    assert crew.calls[-1] == "-a/x"
