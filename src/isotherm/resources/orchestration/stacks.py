"""OS::Heat::Stack and AWS::CloudFormation::Stack: a whole stack as a resource."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported


class ContextProperties(Properties):
    region_name: str | None = prop("Region where the stack is made; its own if none is named.")
    credential_secret_id: str | None = prop(
        "Secret of the key manager that holds credentials for another cloud.",
        update_allowed=True,
        support=supported("12.0.0"),
    )
    ca_cert: str | None = prop(
        "Certificate authorities that the other cloud's certificates are checked against.",
        update_allowed=True,
        support=supported("12.0.0"),
    )
    insecure: bool = prop("Accept any certificate.", default=False, update_allowed=True, support=supported("12.0.0"))


class RemoteStackProperties(Properties):
    context: ContextProperties | None = prop("Where the stack is made.", update_allowed=True)
    template: str = prop("Template of the stack.", update_allowed=True)
    timeout: int | None = prop("Minutes that making it may take.", update_allowed=True)
    parameters: dict[str, Any] = prop("Parameters of the stack.", default={}, update_allowed=True)


@register("OS::Heat::Stack")
class RemoteStack(kit.ResourceType[RemoteStackProperties]):
    """A stack that may be in another region or cloud."""

    nests = True
    stack = kit.StackProperties(template="template", elsewhere="context", own=False)
    attributes = (attr("stack_name", str, "Name of the stack."), attr("outputs", dict, "Outputs of the stack by name."))


class NestedStackProperties(Properties):
    TemplateURL: str = prop("Address of the stack's template.", update_allowed=True)
    TimeoutInMinutes: int | None = prop("Minutes that making it may take.", update_allowed=True)
    Parameters: dict[str, Any] | None = prop("Parameters of the stack.", update_allowed=True)


@register("AWS::CloudFormation::Stack")
class NestedStack(kit.ResourceType[NestedStackProperties]):
    """A stack inside the stack, from a template at an address."""

    nests = True
    stack = kit.StackProperties(url="TemplateURL", parameters="Parameters")
    attribute_prefixes = ("Outputs.",)
