"""What the load balancer service stores."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import boolean, list_of, or_none, text
from isotherm.localcloud.load_balancer.checks import (
    absolute_path,
    address,
    codes,
    enabled_provider,
    flavor_data,
    integer,
    known_headers,
    one_of,
    persistence,
    url,
    usual,
    uuid,
)

PROVIDERS = ("amphora", "octavia")
PORT = integer(1, 65535)
PROTOCOLS = ("TCP", "HTTP", "HTTPS", "TERMINATED_HTTPS", "UDP", "SCTP", "PROMETHEUS")
POOL_PROTOCOLS = ("TCP", "HTTP", "HTTPS", "PROXY", "PROXYV2", "UDP", "SCTP")
ALGORITHMS = ("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT")
CLIENTS = ("NONE", "OPTIONAL", "MANDATORY")
_ID, _UUID, _REF = or_none(text(1)), or_none(uuid), or_none(text())
_TEXTS = list_of(text())
_FLAG = usual(boolean, False)


class Named(Entity, kw_only=True, eq=False):
    name: Annotated[str, said(usual(text(), ""), default="")] = ""


class Part(Named, kw_only=True, eq=False):
    """Anything that a load balancer is made of, itself included."""

    project_id: Annotated[str, said(text(1), update=False)]
    created_at: Annotated[float, moment("")]
    updated_at: Annotated[float | None, moment("")] = None
    provisioning_status: Annotated[str, shown()] = "PENDING_CREATE"
    admin_state_up: Annotated[bool, said(_FLAG)] = True
    tags: Annotated[list[str], said(usual(_TEXTS, []), default=[])] = []


class DescribedPart(Part, kw_only=True, eq=False):
    description: Annotated[str, said(usual(text(), ""), default="")] = ""


class LoadBalancer(DescribedPart, kw_only=True, eq=False):
    vip_address: Annotated[str | None, said(or_none(text(1)), update=False)] = None
    vip_subnet_id: Annotated[str | None, said(_UUID, update=False)] = None
    vip_network_id: Annotated[str | None, said(_UUID, update=False)] = None
    vip_port_id: Annotated[str | None, said(_UUID, update=False)] = None
    vip_qos_policy_id: Annotated[str | None, said(_ID)] = None
    provider: Annotated[str, said(usual(enabled_provider(PROVIDERS), "amphora"), update=False)] = (
        "amphora"
    )
    flavor_id: Annotated[str | None, said(_ID, update=False)] = None
    availability_zone: Annotated[str | None, said(_ID, update=False)] = None
    owns_port: bool = True


class Listener(DescribedPart, kw_only=True, eq=False):
    loadbalancer_id: str
    protocol: Annotated[str, said(one_of(*PROTOCOLS), required=True, update=False)]
    protocol_port: Annotated[int, said(PORT, required=True, update=False)]
    default_pool_id: Annotated[str | None, said(_ID)] = None
    connection_limit: Annotated[int, said(usual(integer(-1), -1), default=-1)] = -1
    default_tls_container_ref: Annotated[str | None, said(or_none(text()))] = None
    sni_container_refs: Annotated[list[str], said(usual(_TEXTS, []), default=[])] = []
    insert_headers: Annotated[dict[str, str], said(known_headers, default={})] = {}
    allowed_cidrs: Annotated[list[str] | None, said(or_none(_TEXTS))] = None
    timeout_client_data: Annotated[int, said(usual(integer(0), 50000), default=50000)] = 50000
    timeout_member_data: Annotated[int, said(usual(integer(0), 50000), default=50000)] = 50000
    timeout_member_connect: Annotated[int, said(usual(integer(0), 5000), default=5000)] = 5000
    timeout_tcp_inspect: Annotated[int, said(usual(integer(0), 0), default=0)] = 0
    client_ca_tls_container_ref: Annotated[str | None, said(_REF)] = None
    client_crl_container_ref: Annotated[str | None, said(_REF)] = None
    client_authentication: Annotated[str, said(usual(one_of(*CLIENTS), "NONE"))] = "NONE"
    tls_ciphers: Annotated[str | None, said(_REF)] = None
    tls_versions: Annotated[list[str] | None, said(or_none(_TEXTS))] = None
    alpn_protocols: Annotated[list[str] | None, said(or_none(_TEXTS))] = None
    hsts_max_age: Annotated[int | None, said(or_none(integer(0)))] = None
    hsts_include_subdomains: Annotated[bool, said(_FLAG)] = False
    hsts_preload: Annotated[bool, said(_FLAG)] = False


class Pool(DescribedPart, kw_only=True, eq=False):
    loadbalancer_id: str
    protocol: Annotated[str, said(one_of(*POOL_PROTOCOLS), required=True, update=False)]
    lb_algorithm: Annotated[str, said(one_of(*ALGORITHMS), required=True)]
    session_persistence: Annotated[dict[str, Any] | None, said(or_none(persistence))] = None
    tls_enabled: Annotated[bool, said(boolean)] = False
    tls_container_ref: Annotated[str | None, said(_REF)] = None
    ca_tls_container_ref: Annotated[str | None, said(_REF)] = None
    crl_container_ref: Annotated[str | None, said(_REF)] = None
    tls_ciphers: Annotated[str | None, said(_REF)] = None
    tls_versions: Annotated[list[str] | None, said(or_none(_TEXTS))] = None
    alpn_protocols: Annotated[list[str] | None, said(or_none(_TEXTS))] = None


class Member(Part, kw_only=True, eq=False):
    pool_id: str
    address: Annotated[str, said(address, required=True, update=False)]
    protocol_port: Annotated[int, said(PORT, required=True, update=False)]
    weight: Annotated[int, said(usual(integer(0, 256), 1), default=1)] = 1
    backup: Annotated[bool, said(_FLAG)] = False
    subnet_id: Annotated[str | None, said(_ID, update=False)] = None
    monitor_address: Annotated[str | None, said(or_none(text(1)))] = None
    monitor_port: Annotated[int | None, said(or_none(PORT))] = None
    vnic_type: Annotated[str, said(usual(one_of("normal", "direct"), "normal"), update=False)] = (
        "normal"
    )


MONITORS = ("PING", "TCP", "HTTP", "HTTPS", "TLS-HELLO", "UDP-CONNECT", "SCTP")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH")


class HealthMonitor(Part, kw_only=True, eq=False):
    pool_id: Annotated[str, said(text(1), required=True, update=False, shown=False)]
    type: Annotated[str, said(one_of(*MONITORS), required=True, update=False)]
    delay: Annotated[int, said(integer(0), required=True)]
    timeout: Annotated[int, said(integer(0), required=True)]
    max_retries: Annotated[int, said(integer(1, 10), required=True)]
    max_retries_down: Annotated[int, said(usual(integer(1, 10), 3), default=3)] = 3
    http_method: Annotated[str | None, said(or_none(one_of(*METHODS)))] = None
    url_path: Annotated[str | None, said(or_none(absolute_path))] = None
    expected_codes: Annotated[str | None, said(or_none(codes))] = None
    http_version: Annotated[float | None, said()] = None
    domain_name: Annotated[str | None, said(or_none(text()))] = None


LAST = 2**31 - 1
ACTIONS = ("REJECT", "REDIRECT_TO_POOL", "REDIRECT_TO_URL", "REDIRECT_PREFIX")


class L7Policy(DescribedPart, kw_only=True, eq=False):
    listener_id: Annotated[str, said(text(1), required=True, update=False)]
    action: Annotated[str, said(one_of(*ACTIONS), required=True)]
    position: Annotated[int, said(usual(integer(1), LAST))] = LAST
    redirect_pool_id: Annotated[str | None, said(_ID)] = None
    redirect_url: Annotated[str | None, said(or_none(url))] = None
    redirect_http_code: Annotated[int | None, said(or_none(integer(301, 308)))] = None
    redirect_prefix: Annotated[str | None, said(or_none(text()))] = None


RULES = (
    *("HOST_NAME", "PATH", "FILE_TYPE", "HEADER", "COOKIE"),
    *("SSL_CONN_HAS_CERT", "SSL_VERIFY_RESULT", "SSL_DN_FIELD"),
)
COMPARISONS = ("REGEX", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "EQUAL_TO")


class L7Rule(Part, kw_only=True, eq=False):
    l7policy_id: str
    type: Annotated[str, said(one_of(*RULES), required=True)]
    compare_type: Annotated[str, said(one_of(*COMPARISONS), required=True)]
    value: Annotated[str, said(text(1), required=True)]
    key: Annotated[str | None, said(or_none(text()))] = None
    invert: Annotated[bool, said(_FLAG)] = False


class Profile(Named, kw_only=True, eq=False):
    provider_name: Annotated[str, said(text(), required=True)]


class FlavorProfile(Profile, kw_only=True, eq=False):
    flavor_data: Annotated[str, said(flavor_data, required=True)]


class ZoneProfile(Profile, kw_only=True, eq=False):
    availability_zone_data: Annotated[str, said(flavor_data, required=True)]


class Flavor(Named, kw_only=True, eq=False):
    description: Annotated[str, said(usual(text(), ""), default="")] = ""
    flavor_profile_id: Annotated[str, said(text(1), required=True, update=False)]
    enabled: Annotated[bool, said(boolean)] = True


class Zone(Entity, kw_only=True, eq=False):
    """Known by its name."""

    name: Annotated[str, said(text(1), required=True, update=False)]
    availability_zone_profile_id: Annotated[str, said(text(1), required=True, update=False)]
    description: Annotated[str, said(usual(text(), ""), default="")] = ""
    enabled: Annotated[bool, said(boolean)] = True
