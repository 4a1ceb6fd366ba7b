"""OS::Heat::SoftwareDeployment and OS::Heat::StructuredDeployment: a configuration on one server."""

from typing import Any

from isotherm.kit import prop, register, supported
from isotherm.kit.context import Context
from isotherm.kit.software import SoftwareConfig
from isotherm.resources.software.deploying import filled_in
from isotherm.resources.software.deployment_type import DeploymentProperties, DeploymentType


@register("OS::Heat::SoftwareDeployment", support=supported("2014.1"))
class SoftwareDeployment(DeploymentType[DeploymentProperties]):
    """A configuration that one server applies."""


class StructuredDeploymentProperties(DeploymentProperties):
    input_key: str = prop("Key of a map that stands for an input.", default="get_input")
    input_values_validate: str = prop(
        "Whether each input that the configuration reads must have a value.", default="LAX", allowed=("LAX", "STRICT")
    )


@register("OS::Heat::StructuredDeployment", support=supported("2014.1"))
class StructuredDeployment(DeploymentType[StructuredDeploymentProperties]):
    """A configuration of data, with its inputs filled in, that one server applies."""

    def told(self, ctx: Context[Any], config: SoftwareConfig, inputs: list[dict[str, Any]]) -> tuple[Any, list[Any]]:
        values = {str(each["name"]): each["value"] for each in inputs}
        strict = ctx.props.input_values_validate == "STRICT"
        return filled_in(config.config, ctx.props.input_key, values, strict=strict), inputs
