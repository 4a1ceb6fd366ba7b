"""Acme::AddressPlan: an address scope that says who pays for it."""

from isotherm import kit
from isotherm.kit import Context, Properties, attr, prop, register
from isotherm.kit.services.network import ADDRESS_SCOPE


class AddressPlanProperties(Properties):
    cost_centre: str = prop(
        "Who pays for it.", exists="acme.cost_centre", sends=None, update_allowed=True
    )
    purpose: str = prop("What the addresses are for.", sends=None, update_allowed=True)
    ip_version: int = prop("4 or 6.", default=4, allowed=(4, 6))


@register("Acme::AddressPlan")
class AddressPlan(kit.EntityType[AddressPlanProperties]):
    """An address scope whose name says who pays for it, and what for."""

    entity = ADDRESS_SCOPE
    attributes = (attr("label", str, "The name that it has.", source="name"),)

    def create_body(self, ctx: Context[AddressPlanProperties]) -> kit.Values:
        return {**super().create_body(ctx), "name": _label(ctx)}

    def update_body(self, ctx: Context[AddressPlanProperties], changes: kit.Changes) -> kit.Values:
        return {"name": _label(ctx)}


def _label(ctx: Context[AddressPlanProperties]) -> str:
    """Ends with what is this attempt's alone, by which the object is found again."""
    return f"{ctx.props.cost_centre} {ctx.props.purpose} ({ctx.physical_name})"
