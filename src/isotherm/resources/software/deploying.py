"""How a configuration becomes what one server is told to do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit.software import SoftwareConfig

COMPONENT = "component"
"""The group of configurations that consist of parts for actions."""


class InputMissing(kit.Refused):
    """A configuration asks for an input that has no value."""

    kind = "UserParameterMissing"


def applies(config: SoftwareConfig, actions: Sequence[str], action: str) -> bool:
    """Whether the server has anything to do in that action."""
    if config.group != COMPONENT:
        return action in actions
    content = config.config if isinstance(config.config, Mapping) else {}
    return any(action in part.get("actions", ()) for part in content.get("configs", ()))


def derived_inputs(
    config: SoftwareConfig, values: Mapping[str, Any], own: Sequence[tuple[str, str, Any]]
) -> list[dict[str, Any]]:
    """Those of the configuration with their values, others that were given, and ``own``: name,
    description and value of what every deployment tells its server."""
    known = {str(each["name"]) for each in config.inputs}
    told = [{**each, "value": value} for each, value in _valued(config, values)]
    told += [{"name": name, "type": "String", "value": values[name]} for name in values if name not in known]
    told += [
        {"name": name, "description": description, "type": "String", "value": value} for name, description, value in own
    ]
    return told


def replacing_inputs(config: SoftwareConfig, values: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs, with their values, that make a deployment anew when they change."""
    return {str(each["name"]): value for each, value in _valued(config, values) if each.get("replace_on_change")}


def _valued(config: SoftwareConfig, values: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    for each in config.inputs:
        yield each, values.get(str(each["name"]), each.get("default"))


def filled_in(content: Any, key: str, values: Mapping[str, Any], *, strict: bool) -> Any:
    """Structured content with its inputs: a map whose only key is ``key`` stands for one.

    Raises InputMissing where ``strict`` and one has no value; else that is null.
    """
    if isinstance(content, Mapping):
        if len(content) == 1 and isinstance(name := content.get(key), str):
            if strict and name not in values:
                raise InputMissing(f"Input {name} has no value.")
            return values.get(name)
        return {each: filled_in(part, key, values, strict=strict) for each, part in content.items()}
    if isinstance(content, list):
        return [filled_in(part, key, values, strict=strict) for part in content]
    return content
