"""Names of constraints that templates may use: decided here, or looked up in the cloud."""

from __future__ import annotations

import pytest

from isotherm.core.pure_checks import CHECKS
from isotherm.kit.finder import FINDERS

DECIDED = [
    "cron_expression",
    "dns_domain",
    "dns_name",
    "expiration",
    "ip_addr",
    "ip_or_cidr",
    "iso_8601",
    "json_string",
    "mac_addr",
    "net_cidr",
    "rel_dns_name",
    "test_constr",
    "timezone",
]
LOOKED_UP = [
    "barbican.container",
    "barbican.secret",
    "cinder.backup",
    "cinder.qos_specs",
    "cinder.snapshot",
    "cinder.volume",
    "cinder.vtype",
    "designate.domain",
    "designate.zone",
    "glance.image",
    "ironic.node",
    "ironic.portgroup",
    "keystone.domain",
    "keystone.group",
    "keystone.project",
    "keystone.region",
    "keystone.role",
    "keystone.service",
    "keystone.user",
    "magnum.cluster_template",
    "manila.share_network",
    "manila.share_snapshot",
    "manila.share_type",
    "mistral.workflow",
    "neutron.address_scope",
    "neutron.flow_classifier",
    "neutron.lb.provider",
    "neutron.lbaas.listener",
    "neutron.lbaas.loadbalancer",
    "neutron.lbaas.pool",
    "neutron.lbaas.provider",
    "neutron.network",
    "neutron.port",
    "neutron.port_pair",
    "neutron.port_pair_group",
    "neutron.qos_policy",
    "neutron.router",
    "neutron.security_group",
    "neutron.segment",
    "neutron.subnet",
    "neutron.subnetpool",
    "neutron.taas.tap_flow",
    "neutron.taas.tap_service",
    "nova.flavor",
    "nova.host",
    "nova.keypair",
    "nova.server",
    "octavia.availabilityzone",
    "octavia.availabilityzoneprofile",
    "octavia.flavor",
    "octavia.flavorprofile",
    "octavia.l7policy",
    "octavia.listener",
    "octavia.loadbalancer",
    "octavia.pool",
    "trove.flavor",
    "zaqar.queue",
]
# Their services have no resource types here yet.
LATER = [
    "blazar.reservation",
    "nova.network",
]


@pytest.mark.parametrize("name", DECIDED)
def test_rules_about_the_form_are_decided_without_the_cloud(name: str) -> None:
    assert name in CHECKS
    assert name not in FINDERS


@pytest.mark.parametrize("name", LOOKED_UP)
def test_rules_about_objects_ask_the_cloud(name: str) -> None:
    assert name in FINDERS
    assert name not in CHECKS


def test_the_rest_is_known_to_be_missing() -> None:
    assert CHECKS.keys() == set(DECIDED)
    assert not FINDERS.keys() & set(LATER), "move them to LOOKED_UP"
