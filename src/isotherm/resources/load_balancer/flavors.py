"""OS::Octavia::Flavor and AvailabilityZone: what load balancers may be made of, with their profiles."""

from contextlib import suppress

from isotherm import kit
from isotherm.kit import Named, P, attr, changeable, prop, register, supported
from isotherm.kit.services.load_balancer import AVAILABILITY_ZONE, AVAILABILITY_ZONE_PROFILE, FLAVOR, FLAVOR_PROFILE


class Offered(Named):
    description: str = changeable("Description.", default="")
    enabled: bool = changeable("Whether new load balancers may have it.", default=True)


class OfferType(kit.UndatedType[P]):
    """By default only administrators may make one."""

    patience = 60.0


class Profiled(Named):
    provider_name: str | None = changeable("Provider that it is for.", clears=kit.KEEP)


class FlavorProfileProperties(Profiled):
    flavor_data: str = changeable("What the provider is told, as JSON.", exists="json_string")


@register("OS::Octavia::FlavorProfile", support=supported("14.0.0"))
class FlavorProfile(OfferType[FlavorProfileProperties]):
    """What a provider is told of a flavor."""

    entity = FLAVOR_PROFILE


class FlavorProperties(Offered):
    flavor_profile: str = prop("Its profile.", finds="octavia.flavorprofile")


@register("OS::Octavia::Flavor", support=supported("14.0.0"))
class Flavor(OfferType[FlavorProperties]):
    """What users may choose for a load balancer."""

    entity = FLAVOR
    attributes = (attr("flavor_profile_id", doc="Its profile."),)


class AvailabilityZoneProfileProperties(Profiled):
    availability_zone_data: str = changeable("What the provider is told, as JSON.", exists="json_string")


@register("OS::Octavia::AvailabilityZoneProfile", support=supported("24.0.0"))
class AvailabilityZoneProfile(OfferType[AvailabilityZoneProfileProperties]):
    """What a provider is told of an availability zone."""

    entity = AVAILABILITY_ZONE_PROFILE


class AvailabilityZoneProperties(Offered):
    availability_zone_profile: str = prop("Its profile.", finds="octavia.availabilityzoneprofile")


Zone = AvailabilityZoneProperties


@register("OS::Octavia::AvailabilityZone", support=supported("24.0.0"))
class AvailabilityZone(OfferType[Zone]):
    """Where users may have a load balancer. Its name is all that it is known by, and stays."""

    entity = AVAILABILITY_ZONE
    renewed_by = ("name",)
    attributes = (attr("availability_zone_profile_id", doc="Its profile."),)

    async def make_way(self, ctx: kit.Context[Zone]) -> None:
        """Its successor may have the same name. One that is in use stays, and so does its name."""
        with suppress(kit.Gone, kit.Conflict):
            await self.remove(ctx)

    async def take_back(self, ctx: kit.Context[Zone]) -> None:
        if await ctx.api.look(AVAILABILITY_ZONE, ctx.physical_id) is None:
            await ctx.api.create(AVAILABILITY_ZONE, self.create_body(ctx))
