"""OS::Neutron::VPNService, IKEPolicy, IPsecPolicy and IPsecSiteConnection: a way to a site elsewhere."""

from isotherm import kit
from isotherm.kit import (
    Described,
    P,
    Properties,
    attr,
    changeable,
    deprecated,
    former,
    hidden,
    prop,
    register,
    supported,
)
from isotherm.kit.services.network import IKE_POLICY, IPSEC_POLICY, IPSEC_SITE_CONNECTION, VPN_SERVICE
from isotherm.resources.network.network_type import OWNER, STATUS, UndatedNetworkType, interfaces_of, pointing_to

_SIZES = ("aes-128", "aes-192", "aes-256")
CIPHERS = (
    "3des",
    *_SIZES,
    *(f"{size}-{mode}-{length}" for mode in ("ccm", "gcm") for length in (8, 12, 16) for size in _SIZES),
    *(f"{size}-ctr" for size in _SIZES),
)
HASHES = ("sha1", "sha256", "sha384", "sha512", "aes-xcbc", "aes-cmac")
GROUPS = ("group2", "group5", *(f"group{number}" for number in range(14, 32)))


class GuardType(UndatedNetworkType[P]):
    """Objects of extensions, which do not tell when they were made, and go when an agent
    has taken them down."""

    goes_at_once = False
    extension = "vpnaas"
    ready_statuses = frozenset({"ACTIVE", "DOWN", "INACTIVE"})


class VPNServiceProperties(Described):
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    subnet_id: str | None = former("subnet", exists="neutron.subnet", support=hidden("5.0.0", deprecated("2014.2")))
    subnet: str = prop("Subnet that is let out.", finds="neutron.subnet", since="2014.2")
    router_id: str | None = former(
        "router", exists="neutron.router", support=hidden("6.0.0", deprecated("2015.1", supported("2013.2")))
    )
    router: str = prop("Router that leads there.", finds="neutron.router", since="2015.1")


@register("OS::Neutron::VPNService")
class VPNService(GuardType[VPNServiceProperties]):
    """The end of private networks at a router."""

    entity = VPN_SERVICE
    # It works once it has a connection, which is made after it.
    ready_statuses = GuardType.ready_statuses | {"PENDING_CREATE"}
    attributes = (
        *kit.shown(VPNServiceProperties, "admin_state_up", "description", "name", "router_id", "subnet_id"),
        STATUS,
        OWNER,
    )

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        """The router must be on the subnet, and lead out."""
        yield from interfaces_of([own.properties.get("subnet")], others)
        router = own.properties.get("router")
        yield from pointing_to(router, "OS::Neutron::RouterGateway", "router_id", others)


class Lifetime(Properties):
    units: str = prop("Unit.", default="seconds", allowed=("seconds", "kilobytes"))
    value: int = prop("How much.", default=3600)


class IKEPolicyProperties(Described):
    auth_algorithm: str = changeable("How to tell who it is.", default="sha1", allowed=HASHES)
    encryption_algorithm: str = changeable("How to encrypt.", default="aes-128", allowed=CIPHERS)
    phase1_negotiation_mode: str = prop("How to begin.", default="main", allowed=("main",))
    lifetime: Lifetime | None = changeable("How long a key lasts.", clears={"units": "seconds", "value": 3600})
    pfs: str = changeable("Group of the key exchange.", default="group5", allowed=GROUPS)
    ike_version: str = changeable("Version of the protocol.", default="v1", allowed=("v1", "v2"))


@register("OS::Neutron::IKEPolicy")
class IKEPolicy(GuardType[IKEPolicyProperties]):
    """How two sites agree on keys."""

    entity = IKE_POLICY
    attributes = (*kit.shown(IKEPolicyProperties, *IKEPolicyProperties.schema, lifetime=dict), OWNER)


class IPsecPolicyProperties(Described):
    transform_protocol: str = prop("Protocol.", default="esp", allowed=("esp", "ah", "ah-esp"))
    encapsulation_mode: str = prop("What is wrapped.", default="tunnel", allowed=("tunnel", "transport"))
    auth_algorithm: str = prop("How to tell what it is.", default="sha1", allowed=HASHES)
    encryption_algorithm: str = prop("How to encrypt.", default="aes-128", allowed=CIPHERS)
    lifetime: Lifetime | None = prop("How long a key lasts.")
    pfs: str = prop("Group of the key exchange.", default="group5", allowed=GROUPS)


@register("OS::Neutron::IPsecPolicy")
class IPsecPolicy(GuardType[IPsecPolicyProperties]):
    """How traffic between two sites is protected."""

    entity = IPSEC_POLICY
    attributes = (*kit.shown(IPsecPolicyProperties, *IPsecPolicyProperties.schema, lifetime=dict), OWNER)


class Detection(Properties):
    actions: str = prop(
        "What to do about a dead peer.",
        default="hold",
        allowed=("clear", "disabled", "hold", "restart", "restart-by-peer"),
        sends="action",
    )
    interval: int = prop("Seconds from look to look.", default=30)
    timeout: int = prop("Seconds until it counts as dead.", default=120)


class IPsecSiteConnectionProperties(Described):
    peer_address: str = prop("Address of the other site.")
    peer_id: str = prop("What the other site calls itself.")
    peer_cidrs: list[str] = prop("Networks behind it.", items=prop("A network.", exists="net_cidr"))
    mtu: int = prop("Largest packet.", default=1500)
    dpd: Detection | None = prop("How a dead peer is noticed.")
    psk: str = prop("Secret that both sites know.", secret=True)
    initiator: str = prop("Who begins.", default="bi-directional", allowed=("bi-directional", "response-only"))
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    ikepolicy_id: str = prop("IKE policy.")
    ipsecpolicy_id: str = prop("IPsec policy.")
    vpnservice_id: str = prop("VPN service.")


@register("OS::Neutron::IPsecSiteConnection")
class IPsecSiteConnection(GuardType[IPsecSiteConnectionProperties]):
    """The way to one site."""

    entity = IPSEC_SITE_CONNECTION
    attributes = (
        *kit.shown(
            IPsecSiteConnectionProperties,
            *("admin_state_up", "description", "ikepolicy_id", "initiator", "ipsecpolicy_id"),
            *("mtu", "name", "peer_address", "peer_id", "vpnservice_id"),
            dpd=dict,
            peer_cidrs=list,
        ),
        attr("auth_mode", doc="How to tell who the other site is."),
        attr("route_mode", doc="How the ways to its networks are known."),
        STATUS,
        OWNER,
        attr("psk", doc="Secret that both sites know.", secret=True),
    )
