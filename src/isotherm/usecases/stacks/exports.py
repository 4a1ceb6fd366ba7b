"""Exports belong to one stack of a project, and stay as they are while others import them.

What a stack exports counts together with what is nested in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from isotherm.core.values import Value, first_unknown, reveal
from isotherm.engine.preparing.definitions import Export
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source, Stack
from isotherm.ports.store import StackQuery
from isotherm.template import Tree, exported_values
from isotherm.usecases.refusals import ExportExists, ExportInUse
from isotherm.usecases.services import Services

__all__ = [
    "Export",
    "list_exports",
    "list_importers",
    "require_free_exports",
    "require_kept_exports",
    "require_one_owner",
]

_SECTION = "Export"


def require_one_owner(tree: Tree, stack_name: str) -> dict[str, Value]:
    """What a stack will export, by name, as far as it is known before anything runs.

    Raises ExportExists where two of its templates export the same name.
    """
    wanted: dict[str, Value] = {}
    for definition, _ in tree.stacks():
        values = exported_values(definition)
        for name in sorted(values.keys() & wanted.keys()):
            raise ExportExists(name, stack_name)
        wanted |= values
    return wanted


async def require_free_exports(
    services: Services, stack: Stack, wanted: Mapping[str, Value]
) -> None:
    """Raises ExportExists where another stack exports a name that ``stack`` wants to."""
    if not wanted:
        return
    family = {each.id for each in await _family(services, stack)}
    taken = await services.definer.exports(stack.project_id, but=family)
    for name in sorted(wanted.keys() & taken.keys()):
        raise ExportExists(name, taken[name].stack.name)


async def require_kept_exports(
    services: Services, stack: Stack, wanted: Mapping[str, Value]
) -> None:
    """Raises ExportInUse where another stack imports what ``stack`` exports now and will not
    any more, or with another value; ``wanted`` is what it will export."""
    if not _may_export(await services.store.source(stack.source_id)):
        return
    family = await _family(services, stack)
    ids = {each.id for each in family}
    older = await services.definer.exports(stack.project_id, but=ids)
    present = [
        export for each in family for export in await services.definer.exports_of(each, older)
    ]
    lost = {each.name for each in present} - wanted.keys()
    changed = {each.name for each in present if _changes(each, wanted)}
    if not lost | changed:
        return
    # A stack that is being deleted may still use what it imported.
    query = StackQuery(project_id=stack.project_id, show_nested=True)
    for other in await services.store.stacks(query):
        if other.id not in ids:
            used = await services.definer.imports_of(other)
            for name in sorted(lost & used):
                raise ExportInUse(name, other.name, "deleted")
            for name in sorted(changed & used):
                raise ExportInUse(name, other.name, "updated")


def _changes(export: Export, wanted: Mapping[str, Value]) -> bool:
    """Whether it is known already that an export will have another value."""
    values = (export.value, wanted.get(export.name, export.value))
    if any(first_unknown(each) is not None for each in values):
        return False
    before, after = map(reveal, values)
    return bool(before != after)


def _may_export(source: Source) -> bool:
    """Whether anything in a stack or in those nested in it looks like an export."""
    template = source.template
    text = template if isinstance(template, str) else json.dumps(template, default=str)
    return _SECTION in text or any(_SECTION in each for each in source.files.values())


async def _family(services: Services, stack: Stack) -> list[Stack]:
    """A stack and all that is nested in it."""
    found = [stack]
    for child in await services.store.children(stack.id):
        found += await _family(services, child)
    return found


async def list_exports(services: Services, caller: Caller) -> list[Export]:
    """What the stacks of the caller's project export, by the alphabet."""
    found = await services.definer.exports(caller.project_id)
    return [found[name] for name in sorted(found)]


async def list_importers(services: Services, caller: Caller, export: str) -> list[Stack]:
    """The stacks that import a value, by their names."""
    query = StackQuery(project_id=caller.project_id, show_nested=True)
    stacks = await services.store.stacks(query)
    found = [each for each in stacks if export in await services.definer.imports_of(each)]
    return sorted(found, key=lambda stack: stack.name)
