"""Network's refusals, in its own wire format; `kind` is the error's type on the wire."""

from collections.abc import Iterable
from http import HTTPStatus

from isotherm.localcloud.exchange import Call, Fault, Reply

_PLAIN = {
    400: "HTTPBadRequest",
    401: "HTTPUnauthorized",
    403: "HTTPForbidden",
    404: "HTTPNotFound",
    405: "HTTPMethodNotAllowed",
    409: "HTTPConflict",
    500: "HTTPInternalServerError",
}
_NOT_FOUND = {
    "network": ("NetworkNotFound", "Network {} could not be found."),
    "subnet": ("SubnetNotFound", "Subnet {} could not be found."),
    "port": ("PortNotFound", "Port {} could not be found."),
    "router": ("RouterNotFound", "Router {} could not be found"),
    "floatingip": ("FloatingIPNotFound", "Floating IP {} could not be found"),
    "security_group": ("SecurityGroupNotFound", "Security group {} does not exist"),
    "security_group_rule": (
        "SecurityGroupRuleNotFound",
        "Security group rule {} does not exist",
    ),
    "subnetpool": ("SubnetPoolNotFound", "Subnet pool {} could not be found."),
    "address_scope": ("AddressScopeNotFound", "Address scope {} could not be found."),
    "rbac_policy": ("RbacPolicyNotFound", "RBAC policy of type unknown with ID {} not found"),
    "policy": ("QosPolicyNotFound", "QoS policy {} could not be found."),
    "trunk": ("TrunkNotFound", "Trunk {} could not be found."),
    "ikepolicy": ("IKEPolicyNotFound", "IKEPolicy {} could not be found"),
    "ipsecpolicy": ("IPsecPolicyNotFound", "IPsecPolicy {} could not be found"),
    "endpoint_group": ("VPNEndpointGroupNotFound", "Endpoint group {} could not be found"),
    "vpnservice": ("VPNServiceNotFound", "VPNService {} could not be found"),
    "tap_service": ("TapServiceNotFound", "Tap Service  {} does not exist"),
    "tap_flow": ("TapFlowNotFound", "Tap Flow  {} does not exist"),
    "l2_gateway": ("L2GatewayNotFound", "L2 Gateway {} could not be found"),
    "l2_gateway_connection": (
        "L2GatewayConnectionNotFound",
        "The connection  not found on the l2 gateway",
    ),
    "ipsec_site_connection": (
        "IPsecSiteConnectionNotFound",
        "ipsec_site_connection {} not found",
    ),
}


def render(fault: Fault, call: Call) -> Reply:
    kind = fault.kind or _PLAIN.get(fault.status, HTTPStatus(fault.status).phrase.replace(" ", ""))
    if fault.status == 401 and not fault.kind:
        body: dict[str, object] = {
            "error": {"code": 401, "title": "Unauthorized", "message": fault.message}
        }
        return Reply(401, body, fault.headers)
    body = {"NeutronError": {"type": kind, "message": fault.message, "detail": ""}}
    return Reply(fault.status, body, fault.headers)


def not_found(kind: str, entity_id: str) -> Fault:
    words = kind.replace("_", " ").title()
    usual = (f"{words.replace(' ', '')}NotFound", f"{words} {{}} could not be found.")
    type_, message = _NOT_FOUND.get(kind, usual)
    return Fault(404, message.format(entity_id), kind=type_)


def refused(message: str) -> Fault:
    """The request as such is not well formed."""
    return Fault(400, message)


def invalid_value(name: str, reason: str) -> Fault:
    return refused(f"Invalid input for {name}. Reason: {reason}.")


def invalid_input(reason: str) -> Fault:
    return Fault(400, f"Invalid input for operation: {reason}.", kind="InvalidInput")


def bad_request(resource: str, reason: str) -> Fault:
    return Fault(400, f"Bad {resource} request: {reason}.", kind="BadRequest")


def forbidden(rule: str) -> Fault:
    """`rule` is the policy expression that failed, e.g. `rule:delete_network`."""
    return Fault(403, f"{rule} is disallowed by policy", kind="PolicyNotAuthorized")


def over_quota(names: Iterable[str]) -> Fault:
    return Fault(409, f"Quota exceeded for resources: {list(names)}.", kind="OverQuota")


def conflict(kind: str, message: str) -> Fault:
    return Fault(409, message, kind=kind)


def invalid(kind: str, message: str) -> Fault:
    return Fault(400, message, kind=kind)


def missing(kind: str, message: str) -> Fault:
    return Fault(404, message, kind=kind)


def broken() -> Fault:
    """The real service stumbles over this, too."""
    return Fault(500, "Request Failed: internal server error while processing your request.")


def port_in_use(port_id: str, network_id: str, device_id: str) -> Fault:
    return conflict(
        "PortInUse",
        f"Unable to complete operation on port {port_id} for network {network_id}. "
        f"Port already has an attached device {device_id}.",
    )
