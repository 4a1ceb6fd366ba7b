"""AWS::CloudFormation::Stack: a stack inside the stack, from a template at an address."""

from collections.abc import Mapping
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, changeable, register

OUTPUTS = "Outputs."
"""What the attributes with the outputs of the stack begin with."""


class NestedStackProperties(Properties):
    TemplateURL: str = changeable("Address of the stack's template.")
    TimeoutInMinutes: int | None = changeable("Minutes that making it may take.")
    Parameters: dict[str, Any] | None = changeable("Parameters of the stack.")


_MOST_MINUTES = 2**31 - 1


@register("AWS::CloudFormation::Stack")
class NestedStack(kit.StackType[NestedStackProperties]):
    """A stack inside the stack, from a template at an address."""

    stack = kit.StackProperties(url="TemplateURL", parameters="Parameters")
    attribute_prefixes = (OUTPUTS,)

    def blueprint(self, ctx: kit.Context[NestedStackProperties]) -> kit.Blueprint:
        address = ctx.props.TemplateURL
        template = ctx.stacks.file(address)
        if template is None:
            raise kit.Refused(f"The template at {address} was not there when the stack was asked for")
        minutes = ctx.props.TimeoutInMinutes
        # More than a date can bear is as long as it takes.
        minutes = None if minutes is None or minutes > _MOST_MINUTES else minutes
        return kit.Blueprint(template, _each_sealed(ctx.sealed.get("Parameters")), minutes)

    async def standing(self, ctx: kit.Context[NestedStackProperties]) -> kit.Blueprint | None:
        return self.blueprint(ctx)

    def attribute(self, ctx: kit.Context[NestedStackProperties], remote: kit.Remote, name: str) -> kit.Value:
        return super().attribute(ctx, remote, name.removeprefix(OUTPUTS))

    def attribute_errors(self, remote: kit.Remote) -> Mapping[tuple[str, str], str]:
        found = super().attribute_errors(remote)
        return {(f"{OUTPUTS}{name}", key): text for (name, key), text in found.items()}


def _each_sealed(parameters: kit.Value) -> Mapping[str, kit.Value]:
    if isinstance(parameters, kit.Secret):
        return {name: kit.Secret(value) for name, value in parameters.reveal().items()}
    return parameters or {}
