"""What types ask the cloud about single resources, before a stack that has them is accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from isotherm.core.concealing import conceal_in_text, secret_texts
from isotherm.core.diagnostics import Diagnostic
from isotherm.core.errors import RemoteError
from isotherm.core.schema import Blueprint, HandedDown
from isotherm.core.values import reveal
from isotherm.engine.preparing.nested_stacks import handed_down
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import Context, Intent, StackIdentity
from isotherm.kit.nested_stacks import NoNestedStacks
from isotherm.kit.properties import Properties
from isotherm.kit.resource_type import AnyType
from isotherm.planning.decision import Want
from isotherm.template import ResourceDefinition, StackDefinition, Way, dotted


class _HandingDown(NoNestedStacks):
    """There are no stacks yet; what they would be given is known."""

    def __init__(self, definition: StackDefinition) -> None:
        self._definition = definition

    def hand_down(self, resource: str, blueprint: Blueprint) -> HandedDown:
        return handed_down(self._definition, resource, blueprint)

    def file(self, name: str) -> str | None:
        return self._definition.files.get(name)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """About one resource of a definition that was reached on a ``way``."""

    definition: StackDefinition
    resource: ResourceDefinition
    type: AnyType
    want: Want
    way: Way

    @classmethod
    def about(
        cls,
        definition: StackDefinition,
        resource: ResourceDefinition,
        resource_type: AnyType,
        want: Want,
        way: Way,
    ) -> Inquiry | None:
        """None where there is nothing to ask."""
        if not resource_type.inquires or want.external_id:
            return None
        return cls(definition, resource, resource_type, want, way)

    async def finding(
        self, api: CloudApi, stack: StackIdentity, now: datetime
    ) -> Diagnostic | None:
        """What is wrong with it. Raises RemoteError."""
        reason = await self.type.refusal(self._context(api, stack, now))
        if not reason:
            return None
        secrets = secret_texts(self.want.properties, *self.definition.parameters.values())
        text, path = conceal_in_text(reason, secrets), dotted(self.resource.path)
        return self.way.reported(Diagnostic(text, self.resource.position, path))

    def _context(self, api: CloudApi, stack: StackIdentity, now: datetime) -> Context[Properties]:
        return Context(
            stack=stack,
            resource=self.resource.name,
            props=self.type.Properties.of(reveal(dict(self.want.properties))),
            physical_name="",
            intent=Intent("", 0, now),
            api=api,
            now=now,
            sealed=self.want.properties,
            stacks=_HandingDown(self.definition),
        )


async def findings(
    inquiries: Iterable[Inquiry], api: CloudApi, stack: StackIdentity, now: datetime
) -> list[Diagnostic]:
    """What is wrong; what a cloud in trouble does not tell now, the engine finds out."""

    async def ask(inquiry: Inquiry) -> Diagnostic | None:
        with suppress(RemoteError):
            return await inquiry.finding(api, stack, now)
        return None

    found = await asyncio.gather(*map(ask, inquiries))
    return [each for each in found if each is not None]
