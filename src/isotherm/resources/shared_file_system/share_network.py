"""OS::Manila::ShareNetwork and SecurityService: where shares are reached, and look up who people are."""

from collections.abc import Awaitable
from typing import Any

from isotherm import kit
from isotherm.kit import Named, attr, changeable, hidden, prop, register, supported
from isotherm.kit.services.shared_file_system import SECURITY_SERVICE, SHARE_NETWORK


class ShareNetworkProperties(Named):
    neutron_network: str | None = changeable("Network.", finds="neutron.network", sends="neutron_net_id")
    neutron_subnet: str | None = changeable("Subnet of it.", finds="neutron.subnet", sends="neutron_subnet_id")
    nova_network: str | None = changeable(
        "Not used: compute has no networks any more.", sends=None, support=hidden("21.0.0")
    )
    description: str | None = changeable("Description.")
    security_services: list[str] = changeable(
        "Where its shares look up who people are, by id.", default=[], sends=None, reads=None
    )


def text(field: str) -> kit.Reading:
    return lambda _, remote: None if remote.get(field) is None else str(remote[field])


@register("OS::Manila::ShareNetwork", support=supported("5.0.0"))
class ShareNetwork(kit.EntityType[ShareNetworkProperties]):
    """Where the servers of shares are reached."""

    entity = SHARE_NETWORK
    patience = 60.0
    completes = ("security_services",)
    needs = (("neutron_network", "neutron_subnet"), ("neutron_subnet", "neutron_network"))
    attributes = (
        attr("segmentation_id", doc="Its number in the network.", reads=text("segmentation_id")),
        attr("cidr", doc="Its addresses."),
        attr("ip_version", doc="4 or 6.", reads=text("ip_version")),
        attr("network_type", doc="Technique of the network."),
    )

    async def complete(self, ctx: kit.Context[ShareNetworkProperties], remote: kit.Remote) -> bool:
        if not (ctx.props.security_services or ctx.changes("security_services")):
            return False
        there = await ctx.api.list(SECURITY_SERVICE, share_network_id=ctx.physical_id)

        def call(verb: str, service: str) -> Awaitable[Any]:
            said = {"security_service_id": service}
            return ctx.api.act(SHARE_NETWORK, ctx.physical_id, f"{verb}_security_service", said)

        return await kit.exchange(
            [str(each["id"]) for each in there],
            ctx.props.security_services,
            add=lambda service: call("add", service),
            remove=lambda service: call("remove", service),
        )

    def problems(self, properties: kit.Values) -> kit.Problems:
        if "nova_network" in kit.given(properties):
            yield "nova_network", "is not supported: give neutron_network and neutron_subnet"


class SecurityServiceProperties(Named):
    type: str = prop("Kind of service.", allowed=("ldap", "kerberos", "active_directory"))
    dns_ip: str | None = changeable("Address of its DNS server.")
    server: str | None = changeable("Its name or address.")
    domain: str | None = changeable("Domain.")
    user: str | None = changeable("User to log in as.")
    password: str | None = changeable("Password of that user.", secret=True, reads=None)
    description: str | None = changeable("Description.")


@register("OS::Manila::SecurityService", support=supported("5.0.0"))
class SecurityService(kit.EntityType[SecurityServiceProperties]):
    """Where shares look up who people are."""

    entity = SECURITY_SERVICE
    patience = 60.0
