"""Templates of the scenarios: things that use each other."""

from __future__ import annotations

from typing import Any

import yaml


def things(outputs: dict[str, Any] | None = None, **resources: dict[str, Any]) -> str:
    """A template of ``Test::Thing`` resources; keyword ``properties`` or other resource keys."""
    return yaml.safe_dump(
        {
            "heat_template_version": "2021-04-16",
            "resources": {name: thing(**spec) for name, spec in resources.items()},
            "outputs": {name: {"value": value} for name, value in (outputs or {}).items()},
        }
    )


def thing(**spec: Any) -> dict[str, Any]:
    """``depends_on`` and ``deletion_policy`` stay resource keys, the rest are properties."""
    keys: dict[str, Any] = {
        k: spec.pop(k) for k in ("depends_on", "deletion_policy", "type") if k in spec
    }
    return {"type": "Test::Thing", "properties": spec, **keys}


def ref(name: str) -> dict[str, str]:
    return {"get_resource": name}


def attribute(name: str, *path: str) -> dict[str, list[str]]:
    return {"get_attr": [name, *path]}


def nested(
    resources: dict[str, Any], parameters: dict[str, Any] | None = None, **outputs: Any
) -> str:
    """A template to stand behind a resource; ``resources`` as ``thing`` or ``stack`` makes them."""
    return yaml.safe_dump(
        {
            "heat_template_version": "2021-04-16",
            "parameters": parameters or {},
            "resources": resources,
            "outputs": {name: {"value": value} for name, value in outputs.items()},
        }
    )


def stack(file: str, **properties: Any) -> dict[str, Any]:
    """A resource behind which a template stands."""
    return {"type": file, "properties": properties}


SERVER: dict[str, Any] = {
    "flavor": "m1.tiny",
    "image": "cirros",
    "networks": [{"network": "private"}],
}


def template(**resources: tuple[str, dict[str, Any]]) -> str:
    """Of any resources, as type and properties."""
    return yaml.safe_dump(
        {
            "heat_template_version": "2021-04-16",
            "resources": {n: {"type": t, "properties": p} for n, (t, p) in resources.items()},
        }
    )


def server(**properties: Any) -> str:
    return template(server=("OS::Nova::Server", {**SERVER, **properties}))
