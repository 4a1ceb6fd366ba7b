"""What passes from one row's object to another's: links, and what only one can have.

A row that is to go may name the very link that a desired row describes, or hold an address
that a desired one asks for, under whatever names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import Gone
from isotherm.core.values import Value
from isotherm.engine.steps.effects import repeatedly
from isotherm.engine.steps.run import Run
from isotherm.kit.changes import Changes
from isotherm.kit.resource_type import AnyType, ResourceType
from isotherm.planning.diff import compare
from isotherm.planning.links import (
    claims_of,
    described_alike,
    described_links,
    linking_properties,
    may_be_linked_by_property,
    same_object,
    whole_link,
)
from isotherm.ports.records import Resource, replace


async def take_over(run: Run, row: Resource) -> Resource:
    """``row`` with the link that another row has described so far, if it is there."""
    link = whole_link(run.type_of(row), row)
    if row.physical_id is not None or link is None:
        return row
    made = [each for each in run.holdings.same_as(row) if each.physical_id is not None]
    holder = same_object(row, [each for each in made if each.type == row.type], run.types)
    if holder is not None and described_alike(row, holder, run.types):
        heir = replace(row, physical_id=holder.physical_id, data=dict(holder.data))
        return await run.ledger.note(heir) if await _is_linked(run, heir) else row
    if may_be_linked_by_property(row, run.holdings.naming(*link[1:]), run.types):
        return await _found(run, row)
    return row


async def _is_linked(run: Run, row: Resource) -> bool:
    resource_type, ctx = run.type_of(row), run.context(row)
    remote = await run.ask(lambda: resource_type.observe(ctx))
    return remote is not None and resource_type.joined(ctx, remote)


async def _found(run: Run, row: Resource) -> Resource:
    for heir in await _heirs(run, row):
        return await run.ledger.note(heir)
    return row


async def _heirs(run: Run, row: Resource) -> list[Resource]:
    """``row`` with each of the objects that may be the one that it describes."""
    ctx = run.context(row)
    try:
        found = await run.ask.for_beginners()(lambda: run.type_of(row).find(ctx))
    except Gone:
        return []
    return [
        replace(row, physical_id=each.physical_id, data={**row.data, **each.data}) for each in found
    ]


async def take_over_from_kin(run: Run, row: Resource) -> Resource | None:
    """``row`` with a link that a row of another stack in the tree has described so far; None
    where there is none."""
    if row.physical_id is not None or whole_link(run.type_of(row), row) is None:
        return None
    for heir in await _heirs(run, row):
        others = await run.kin.namesakes(heir, desired=False)
        if same_object(heir, others, run.types) is not None:
            return await run.ledger.note(heir)
    return None


async def is_handed_over(run: Run, row: Resource) -> bool:
    """Whether what ``row`` stands for is another row's now, so that it is only forgotten."""
    # What gave way for this one has nothing left of it that it could remove.
    alike = (each for each in run.holdings.same_as(row) if not each.gave_way)
    others = [each for each in alike if each.id not in run.handed_over]
    if same_object(row, others, run.types) is not None:
        # Of two that name each other one remains, however many are removed at the same time.
        run.handed_over.add(row.id)
        return True
    if whole_link(run.type_of(row), row) is None:
        return False
    elsewhere = await run.kin.namesakes(row, desired=True)
    return same_object(row, elsewhere, run.types) is not None


def without_handed_over(
    run: Run, row: Resource, changes: Changes, desired: Mapping[str, Value]
) -> Changes:
    """``changes`` but for properties whose link another resource of the template describes
    from now on: it stays as it is."""
    before = linking_properties(
        run.type_of(row), row.physical_id, {**row.properties, **row.resolved}
    )
    after = linking_properties(run.type_of(row), row.physical_id, desired)
    dropped = {name for name in before if name in changes and name not in after}
    if not dropped:
        return changes
    elsewhere = _links_desired_elsewhere(run, row.name)
    handed_over = {name for name in dropped if before[name] in elsewhere}
    return Changes({name: each for name, each in changes.items() if name not in handed_over})


def _links_desired_elsewhere(run: Run, name: str) -> set[object]:
    """Links that other resources of the template describe, as far as that is known now."""
    assert run.desired is not None
    found: set[object] = set()
    for other, resource in run.desired.definition.resources.items():
        resource_type = run.types.get(resource.type)
        if other == name or resource_type is None or not resource_type.links:
            continue
        row = run.ledger.current(other)
        try:
            properties = run.desired.want(other, run.scope).properties
        except InvalidDocument:
            continue
        found |= described_links(resource_type, row.physical_id if row else None, properties)
    return found


async def make_room(run: Run, row: Resource) -> None:
    """Objects that are to go let go of what only one can have and ``row``'s is to have; so do
    those that are to have something else instead, unless they are about to get it already.

    Raises RemoteError, Overtaken, TimedOut.
    """
    for rival in list(_rivals(run, row)):
        await make_way(run, rival)
    async with run.moving:
        await _make_siblings_way(run, row)


async def move_on(run: Run, row: Resource, properties: Mapping[str, Value]) -> Resource:
    """``row`` as it is now, before its object comes to have ``properties``. Siblings that hold
    any of that, and are to hold something else, let go of it; what they still want of the row's
    object they get when it has moved: of two that swap, the first to come here goes first."""
    async with run.moving:
        run.moved.add(row.name)
        await _make_siblings_way(run, replace(row, properties=dict(properties), resolved={}))
        return run.ledger.rows[row.id]


async def _make_siblings_way(run: Run, row: Resource) -> None:
    for sibling in list(_siblings_that_move_on(run, row)):
        if sibling.name not in run.moved:
            await make_way(run, sibling)


async def make_way(run: Run, row: Resource) -> None:
    """The row's object gives up what only one can have; it may take its time."""
    resource_type = run.type_of(row)
    if row.physical_id is None or type(resource_type).make_way is ResourceType.make_way:
        # What was refused when it was to be made holds nothing.
        return
    if not row.gave_way:
        # Before the call: what may have been given up must be taken back.
        row = await run.ledger.note(row, gave_way=True)
    ctx = run.context(row)
    await repeatedly(run, lambda: resource_type.make_way(ctx))


async def take_back(run: Run, row: Resource) -> Resource:
    """``row`` with all that its object has given up."""
    if not row.gave_way:
        return row
    await make_room(run, row)
    ctx = run.context(row)
    await repeatedly(run, lambda: run.type_of(row).take_back(ctx))
    changes: dict[str, Value] = {"data": dict(ctx.data)}
    if ctx.physical_id != row.physical_id:
        reference = run.type_of(row).reference(ctx)
        changes |= {"physical_id": ctx.physical_id, "reference": reference}
    return await run.ledger.note(row, gave_way=False, **changes)


async def found_again(run: Run, row: Resource) -> Resource | None:
    """``row`` with the object that was made for it once more, where whoever had it taken back did
    not come to record that; None where there is none."""
    if not (row.gave_way and run.type_of(row).gives_way_to_alike):
        return None
    named = {each.physical_id for each in run.ledger.rows.values()}
    for heir in await _heirs(run, row):
        if heir.physical_id not in named:
            return await run.ledger.note(heir)
    return None


def shares_link(run: Run, row: Resource, older: Resource) -> bool:
    """Whether two rows stand for one link, and it was never cut for the newer one."""
    link = whole_link(run.type_of(row), row)
    return link is not None and not older.gave_way and link == whole_link(run.type_of(older), older)


def _rivals(run: Run, row: Resource) -> Iterator[Resource]:
    rivals = run.holdings.claiming(claims_of(run.type_of(row), row))
    replaced = run.ledger.rows.get(row.replaces or "")
    if replaced is not None and _gives_way_to_successor(run.types.get(replaced.type)):
        rivals.append(replaced)
    if run.type_of(row).gives_way_to_alike:
        rivals += [each for each in run.holdings.same_as(row) if each.type == row.type]
    for other in rivals:
        if other.id != row.id and other.physical_id and not _stays(run, other):
            yield other


def _siblings_that_move_on(run: Run, row: Resource) -> Iterator[Resource]:
    """Desired rows that hold what ``row`` is to have, and are to hold something else."""
    claims = claims_of(run.type_of(row), row)
    for other in run.holdings.claiming(claims):
        if other.name == row.name or not other.physical_id or not _stays(run, other):
            continue
        if run.desired is None or run.desired.definition.resources[other.name].type != other.type:
            continue
        try:
            wanted = run.desired.want(other.name, run.scope).properties
        except InvalidDocument:
            continue
        known = run.type_of(other)
        later = replace(other, properties=dict(wanted), resolved={})
        if regains(known, compare(known, other.properties, wanted).changes) and claims.isdisjoint(
            claims_of(known, later)
        ):
            yield other


def regains(resource_type: AnyType, changes: Changes) -> bool:
    """Whether an update says anew what of that which only one can have the object is to have."""
    paths = (path for claim in resource_type.claims for path in claim.paths)
    return any(path.partition(".")[0] in changes for path in paths)


def _gives_way_to_successor(known: AnyType | None) -> bool:
    return known is not None and not known.claims and not known.gives_way_to_alike


def _stays(run: Run, row: Resource) -> bool:
    return row.current and run.desires(row.name)
