"""Definitions, rows and types for tests of planning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from isotherm.core.states import Action, Status
from isotherm.kit import Changes, Properties, ResourceType, Sibling, prop
from isotherm.kit.registry import Registry
from isotherm.ports.records import Resource
from isotherm.template import (
    PseudoParameters,
    StackDefinition,
    bind,
    load_environment,
    load_template,
)
from isotherm.testing.virtual_time import EPOCH
from isotherm.testing.world import world_types


class GateProperties(Properties):
    opens: Any = prop("What it lets through.", default=None, update_allowed=True)
    level: int | None = prop("Grows in place, shrinks by replacement.", update_allowed=True)
    owner: str | None = prop("Never changes.", immutable=True, update_allowed=True)


class Gate(ResourceType[GateProperties]):
    """Comes before everything that its sibling ``opens`` names; has rules of its own."""

    name = "Test::Gate"

    def implicit_dependencies(self, own: Sibling, others: Sequence[Sibling]) -> Iterable[str]:
        return [each.name for each in others if own.properties.get("opens") == each.name]

    def replaces(self, changes: Changes, recorded: GateProperties, desired: GateProperties) -> bool:
        return "level" in changes and (desired.level or 0) < (recorded.level or 0)

    def validate(self, properties: Any) -> Iterable[tuple[str, str]]:
        if properties.get("level") == 13:
            yield "level", "13 brings bad luck"


class Sink(ResourceType[Properties]):
    """Takes anything and does nothing with it."""

    name = "Test::Sink"
    open = True


TYPES: Registry = world_types(Gate(), Sink())


def define(resources: dict[str, Any], **sections: Any) -> StackDefinition:
    """A definition of ``Test::Thing`` resources; ``type`` and other keys may be given."""
    template = {
        "heat_template_version": "2021-04-16",
        "resources": {name: {"type": "Test::Thing", **each} for name, each in resources.items()},
        **sections,
    }
    pseudo = PseudoParameters(stack_id="id", stack_name="stack", region="", project_id="project")
    return bind(
        load_template(yaml.safe_dump(template)), load_environment({}), pseudo=pseudo, files={}
    )


def row(name: str, **fields: Any) -> Resource:
    """A complete current row called ``row-NAME``, its object ``id-NAME``."""
    state = fields.pop("state", (Action.CREATE, Status.COMPLETE))
    return Resource(
        **{
            "id": f"row-{name}",
            "stack_id": "stack",
            "name": name,
            "type": "Test::Thing",
            "traversal": 1,
            "action": state[0],
            "status": state[1],
            "physical_id": f"id-{name}",
            "reference": f"id-{name}",
            "properties": {"size": 1, "uses": None, "fixed_uses": None},
            "created_at": EPOCH,
            "updated_at": EPOCH,
            **fields,
        }
    )
