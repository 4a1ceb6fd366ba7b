"""The operator's own environment: the usual aliases, and the files of a folder on top.

Types in it may be templates on the operator's disk, by their path or as ``file://``.
"""

from __future__ import annotations

from pathlib import Path

from isotherm.core.diagnostics import InvalidDocument
from isotherm.kit.registry import Registry, stand_in_of
from isotherm.kit.template_type import template_data, with_templates
from isotherm.server.errors import ConfigurationError
from isotherm.template import (
    Environment,
    FileTypes,
    is_template,
    load_environment,
    merge_environments,
)

_ALIASES = {
    "OS::Ceilometer::Alarm": "OS::Aodh::Alarm",
    "OS::Ceilometer::GnocchiAggregationByMetricsAlarm": (
        "OS::Aodh::GnocchiAggregationByMetricsAlarm"
    ),
    "OS::Ceilometer::GnocchiAggregationByResourcesAlarm": (
        "OS::Aodh::GnocchiAggregationByResourcesAlarm"
    ),
    "OS::Ceilometer::GnocchiResourcesAlarm": "OS::Aodh::GnocchiResourcesAlarm",
    "OS::Metering::Alarm": "OS::Aodh::Alarm",
    "OS::Quantum*": "OS::Neutron*",
}
"""Former names of types, which stacks of any age may use."""
_BALANCER = "AWS::ElasticLoadBalancing::LoadBalancer"


def operator_environment(
    folder: str, types: Registry, *, balancers: str | None = None
) -> Environment:
    """Aliases of types that there are, then the folder's files in the order of their names.

    A folder that does not exist is empty. ``balancers`` is the operator's own template for the
    load balancers of AWS. Raises ConfigurationError.
    """
    layers = [aliases_of(types)]
    if balancers:
        _require_balancer(balancers)
        own = {_BALANCER: stand_in_of(_BALANCER)}
        layers.append(load_environment({"resource_registry": own}))
    files = sorted(Path(folder).glob("*")) if folder else []
    layers += [_read(file) for file in files if file.is_file() and not file.name.startswith(".")]
    return merge_environments(layers)


def aliases_of(types: Registry) -> Environment:
    """The former names of types that there are."""
    aliases = {name: target for name, target in _ALIASES.items() if _exists(target, types)}
    return load_environment({"resource_registry": aliases})


def with_operators_templates(types: Registry, environment: Environment, folder: str) -> Registry:
    """``types``, and the templates on disk that the operator's environment names; paths begin in
    its folder. Addresses are fetched when a stack asks for them. Raises ConfigurationError."""
    named = sorted({each for each in environment.registry.types.values() if is_template(each)})
    files = {
        name: _template(name, Path(folder) / name.removeprefix("file://"))
        for name in named
        if name.startswith("file://") or "://" not in name
    }
    found = FileTypes(types, files, environment=environment)
    for name in files:
        template, problems = found.template(name)
        if template is None or problems.errors:
            raise ConfigurationError(f"{name} is no template: {next(iter(problems.errors), '')}")
    return with_templates(types, found.templates_among(files))


def _require_balancer(file: str) -> None:
    try:
        template = template_data(Path(file).read_text(encoding="utf-8"))
        template["Resources"]["LB_instance"]["Metadata"]["AWS::CloudFormation::Init"]["config"][
            "files"
        ]
    except (OSError, UnicodeDecodeError, InvalidDocument, KeyError, TypeError) as error:
        why = getattr(error, "strerror", None) or (
            "it has no resource LB_instance with files in the metadata AWS::CloudFormation::Init"
        )
        raise ConfigurationError(f"loadbalancer_template {file} cannot be used: {why}") from None


def _template(name: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise ConfigurationError(
            f"environment_dir names the template {name}, which cannot be read: {why}"
        ) from None


def _exists(target: str, types: Registry) -> bool:
    if target.endswith("*"):
        return any(name.startswith(target[:-1]) for name in types)
    return target in types


def _read(file: Path) -> Environment:
    try:
        return load_environment(file.read_bytes(), file=str(file))
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from None
    except InvalidDocument as invalid:
        raise ConfigurationError(f"{file} is no environment: {invalid}") from None
