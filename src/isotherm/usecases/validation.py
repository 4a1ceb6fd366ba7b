"""Full validation of a source before anything is promised: all findings at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from isotherm.core.diagnostics import Diagnostics
from isotherm.core.errors import Forbidden, RequestError, RequestLimitExceeded
from isotherm.engine.heavy_work import is_heavy, worked_out
from isotherm.kit.context import StackIdentity
from isotherm.kit.registry import Registry
from isotherm.kit.template_type import with_templates
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source
from isotherm.template import (
    PseudoParameters,
    StackDefinition,
    Tree,
    told_once,
)
from isotherm.usecases.access import connect_for
from isotherm.usecases.checking import Checking
from isotherm.usecases.expectations import Expectations
from isotherm.usecases.offers import lacking
from isotherm.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Examination:
    """A source as far as it can be understood, and what is wrong with it.

    ``source`` has the templates that it names by address among its files; ``types`` is the
    catalogue with the source's templates as types; ``refusal`` is what keeps the caller
    from having the stack though the source may be right.
    """

    source: Source
    tree: Tree
    types: Registry
    found: Diagnostics
    refusal: RequestError | None

    @property
    def definition(self) -> StackDefinition:
        return self.tree.definition

    def require_valid(self) -> None:
        """Raises InvalidDocument with everything found, or RequestError."""
        self.found.raise_errors()
        if self.refusal is not None:
            raise self.refusal


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a source is examined for.

    ``complete``: parameters need values. ``asks_cloud``: objects that properties and
    defaults name must exist in the cloud; without it only those do that the caller's own
    values of parameters name. ``any_service``: types whose service is missing are fine.
    """

    complete: bool = True
    asks_cloud: bool = True
    any_service: bool = False


STACK = Purpose()
INQUIRY = Purpose(complete=False, asks_cloud=False)


async def require_valid(
    services: Services,
    caller: Caller,
    source: Source,
    pseudo: PseudoParameters,
    *,
    previous: StackDefinition | None = None,
) -> Examination:
    """The source of a stack, found right; raises InvalidDocument with everything that is
    wrong, or RequestError for a limit or a type the caller may not use."""
    examined = await examine(services, caller, source, pseudo, previous=previous)
    examined.require_valid()
    return examined


async def examine(
    services: Services,
    caller: Caller,
    source: Source,
    pseudo: PseudoParameters,
    *,
    previous: StackDefinition | None = None,
    purpose: Purpose = STACK,
) -> Examination:
    """Template, types, nested templates and the names expected to exist in the cloud.

    Raises InvalidDocument where nothing can be understood, RemoteError where the cloud
    cannot be asked.
    """
    connect = partial(connect_for, services, caller, pseudo)
    asked = connect if purpose.asks_cloud else None
    checking = Checking(services, source, pseudo, previous, purpose.complete, asked)
    checked, found = await checking.check()
    tree, types = checked.tree, checked.types
    stacks = list(tree.stacks())
    named = {each.type for one, _ in stacks for each in one.resources.values()}
    registry = with_templates(services.registry, types.templates_among(sorted(named)))
    refusal = await _refusal(services, caller, named, purpose)
    if refusal is None:
        broken = frozenset(each.path for each in found.errors)
        expectations = Expectations(
            registry, broken, services.clock.now(), all_values=purpose.asks_cloud
        )
        heavy = is_heavy(checked.source)
        await worked_out(heavy, caller.project_id, expectations.collect, stacks)
        stack = StackIdentity("", "", pseudo.project_id, caller.user_id)
        found.extend(await expectations.unmet(connect, stack))
    limit = services.settings.max_resources_per_stack
    if refusal is None and 0 <= limit < tree.resources:
        refusal = RequestLimitExceeded(
            f"Request limit exceeded: Maximum resources per stack exceeded ({tree.resources} of "
            f"{limit})."
        )
    return Examination(checked.source, tree, registry, told_once(found), refusal)


async def _refusal(
    services: Services, caller: Caller, names: Iterable[str], purpose: Purpose
) -> RequestError | None:
    """Why the caller may not have resources of these types."""
    for name in names:
        resource_type = services.registry.get(name)
        if resource_type is None:
            continue
        if not services.policy.allows_type(name, caller):
            return Forbidden(f"You are not authorized to use resource type {name}.")
        if purpose.any_service:
            continue
        if refusal := await lacking(services.cloud, resource_type, services.registry):
            return refusal
    return None
