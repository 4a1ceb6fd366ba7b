"""Constraints of parameters that cannot be meant as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from isotherm.core.constraints import AllowedValues, Constraint, CustomConstraint, Length, Range
from isotherm.core.pure_checks import CHECKS
from isotherm.core.suggestions import suggest
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned

_LOOKED_UP = (
    "barbican.container",
    "barbican.secret",
    "blazar.reservation",
    "cinder.backup",
    "cinder.qos_specs",
    "cinder.snapshot",
    "cinder.volume",
    "cinder.vtype",
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
    "nova.network",
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
)
"""Custom constraints that clouds decide."""


def odd_constraints(subject: Subject) -> Iterator[Warned]:
    for declared in subject.template.parameters.values():
        for constraint in declared.constraints:
            if found := _odd(constraint):
                yield Warned(found[0], declared.path, *found[1:], key=True)


def _odd(constraint: Constraint) -> tuple[str, str, str] | None:
    match constraint:
        case Range(minimum=low, maximum=high) | Length(minimum=low, maximum=high):
            if low is not None and high is not None and low > high:
                text = f"no value lies between {low} and {high}"
                return "impossible-constraint", text, "exchange them"
        case AllowedValues(values=()):
            return "impossible-constraint", "no value is allowed", "list some"
        case AllowedValues(values=values):
            repeated = [each for index, each in enumerate(values) if each in values[:index]]
            if repeated:
                return "repeated-value", f"value {repeated[0]!r} is allowed twice", "remove one"
        case CustomConstraint(name=name) if name not in CHECKS and name not in _LOOKED_UP:
            if hint := suggest(name, [*CHECKS, *_LOOKED_UP]):
                return "unknown-constraint", f"no custom constraint {name} is known", hint
    return None
