"""Checks a source as language: its template and all that is nested in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from isotherm.core.diagnostics import Diagnostics
from isotherm.core.errors import RemoteError
from isotherm.engine.heavy_work import is_heavy, worked_out
from isotherm.engine.preparing.definitions import ZONES, availability_zones, loop_values
from isotherm.kit.cloud_api import CloudApi
from isotherm.ports.records import Source, replace
from isotherm.template import (
    Environment,
    FileTypes,
    Limits,
    Outside,
    PseudoParameters,
    StackDefinition,
    Template,
    Tree,
    TreeLimits,
    check_tree,
    parse_template,
    try_bind,
)
from isotherm.usecases.fetching import Fetched, fetch_templates
from isotherm.usecases.services import Services

ZONE_CALL = "GetAZs"
"""How templates call for zones, in the long form and in the short one."""

Connect = Callable[[], Awaitable[CloudApi]]


@dataclass(frozen=True, slots=True)
class Checked:
    """``source`` has the templates that it names by address among its files."""

    source: Source
    tree: Tree
    types: FileTypes


@dataclass(frozen=True, slots=True)
class Checking:
    """One source, and what is known of its stack. If ``complete``, parameters need values;
    ``connect`` leads to the cloud that is asked for the names of its zones."""

    services: Services
    source: Source
    pseudo: PseudoParameters
    previous: StackDefinition | None
    complete: bool
    connect: Connect | None = None

    async def check(self) -> tuple[Checked, Diagnostics]:
        """Raises InvalidDocument where nothing can be understood, RequestError where too much
        lies at addresses, RemoteError."""
        heavy, project_id = is_heavy(self.source), self.pseudo.project_id
        definer = self.services.definer
        environment = await definer.standing_in(
            definer.environment(self.source), self.source, self.pseudo.stack_id
        )
        template, found = await worked_out(heavy, project_id, self._parsed, environment)
        outside = await self._outside(template)
        fetched = Fetched()
        checked, problems = await worked_out(
            heavy, project_id, self._checked, template, environment, outside, fetched
        )
        # What was fetched may name further addresses.
        while checked.types.wanted:
            await fetch_templates(self.services, checked.types.wanted, fetched)
            checked, problems = await worked_out(
                heavy, project_id, self._checked, template, environment, outside, fetched
            )
        found.extend(problems)
        return checked, found

    async def _outside(self, template: Template) -> Outside:
        """What is known before anything runs; zones that cannot be learnt now are not known."""
        found = await self.services.definer.outside(template, self.pseudo, None)
        files = self.source.files.values()
        named = ZONES in template.functions_called or any(ZONE_CALL in each for each in files)
        if not named or self.connect is None:
            return found
        with suppress(RemoteError):
            zones = await availability_zones(await self.connect())
            found = dataclasses.replace(found, zones=zones)
        return found

    def _parsed(self, environment: Environment) -> tuple[Template, Diagnostics]:
        template, found = parse_template(self.source.template, limits=self._limits)
        if values := loop_values(template, environment):
            return parse_template(self.source.template, limits=self._limits, values=values)
        return template, found

    def _checked(
        self, template: Template, environment: Environment, outside: Outside, fetched: Fetched
    ) -> tuple[Checked, Diagnostics]:
        source = replace(self.source, files={**self.source.files, **fetched.files})
        now = self.services.clock.now()
        definition, found = try_bind(
            template,
            environment,
            files=source.files,
            pseudo=self.pseudo,
            previous=self.previous.parameters if self.previous else None,
            outside=outside,
            types=self.services.registry,
            now=now,
            complete=self.complete,
        )
        types = FileTypes(
            self.services.registry,
            source.files,
            environment=environment,
            failures=fetched.failures,
            limits=self._limits,
        )
        settings = self.services.settings
        tree, problems = check_tree(
            definition,
            types,
            TreeLimits(settings.max_nested_stack_depth, settings.max_resources_per_stack),
            pseudo=self.pseudo,
            outside=outside,
            now=now,
            complete=self.complete,
        )
        found.extend(problems)
        return Checked(source, tree, types), found

    @property
    def _limits(self) -> Limits:
        size = self.services.settings.max_template_size
        return Limits(size=size, nodes=max(size, Limits().nodes))
