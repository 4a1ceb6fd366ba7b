"""The environments of stacks as users gave them, without what the operator says besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.ports.records import Source, Stack
from isotherm.usecases.definitions import source_of
from isotherm.usecases.services import Services


async def own_environment(services: Services, stack: Stack, source: Source) -> Mapping[str, Any]:
    """That of a stack's ``source``, secrets still wrapped. A nested stack was handed down the
    operator's environment with that of the stack above."""
    root = await services.store.stack(stack.root_id) if stack.root_id else None
    if root is None:
        return source.environment
    given = (await source_of(services, root)).environment
    operators = services.environment.as_data()
    return {
        section: _but_for(said, operators.get(section), given.get(section))
        for section, said in source.environment.items()
    }


def _but_for(said: Any, operators: Any, given: Any) -> Any:
    """A section without what stands there because the operator says so, and no user."""
    if not isinstance(said, Mapping) or not isinstance(operators, Mapping):
        return said
    by_users = given if isinstance(given, Mapping) else {}
    return {
        name: value
        for name, value in said.items()
        if not value or name in by_users or operators.get(name) != value
    }
