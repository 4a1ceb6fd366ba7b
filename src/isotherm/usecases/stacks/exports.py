"""Exports belong to one stack of a project, and stay as long as others import them."""

from __future__ import annotations

from isotherm.ports.records import Stack
from isotherm.ports.store import StackQuery
from isotherm.template import PseudoParameters, StackDefinition, export_names
from isotherm.usecases.refusals import ExportExists, ExportInUse
from isotherm.usecases.services import Services


async def require_free_exports(
    services: Services, definition: StackDefinition, pseudo: PseudoParameters
) -> None:
    """Raises ExportExists where another stack exports what ``definition`` is to export."""
    wanted = export_names(definition)
    if not wanted:
        return
    taken = await services.definer.exports(pseudo.project_id, but=pseudo.stack_id)
    for name in sorted(wanted & taken.keys()):
        raise ExportExists(name, taken[name].stack.name)


async def require_kept_exports(
    services: Services, stack: Stack, kept: frozenset[str] = frozenset()
) -> None:
    """Raises ExportInUse where another stack imports what ``stack`` exports now and will not
    any more; ``kept`` are the names that it goes on exporting."""
    definer = services.definer
    if not await definer.has_exports(stack):
        return
    older = await definer.exports(stack.project_id, but=stack.id)
    lost = {each.name for each in await definer.exports_of(stack, older)} - kept
    if not lost:
        return
    # A stack that is being deleted may still use what it imported.
    query = StackQuery(project_id=stack.project_id, show_nested=True)
    for other in await services.store.stacks(query):
        if other.id != stack.id:
            for name in sorted(lost & await definer.imports_of(other)):
                raise ExportInUse(name, other.name)
