"""Load balancers v2: listeners, pools, members, monitors, L7 policies; flavors and zones."""

from isotherm.localcloud.load_balancer import (
    offers,
    quotas,
    whole_balancers,  # noqa: F401 -- a route of a kind
)
from isotherm.localcloud.load_balancer.balancers import BALANCERS
from isotherm.localcloud.load_balancer.dialect import render
from isotherm.localcloud.load_balancer.listeners import LISTENERS
from isotherm.localcloud.load_balancer.members import MEMBERS
from isotherm.localcloud.load_balancer.monitors import MONITORS
from isotherm.localcloud.load_balancer.policies import POLICIES, RULES
from isotherm.localcloud.load_balancer.pools import POOLS
from isotherm.localcloud.load_balancer.state import Balancing
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Balancing,
    mount="/load-balancer",
    routes=(quotas.versions, quotas.routes, offers.routes),
    kinds=(
        *(BALANCERS, LISTENERS, POOLS, MEMBERS, MONITORS, POLICIES, RULES),
        *(offers.FLAVOR_PROFILES, offers.FLAVORS, offers.ZONE_PROFILES, offers.ZONES),
    ),
    render=render,
    catalog=(CatalogEntry("load-balancer", "octavia", "/load-balancer"),),
)

__all__ = ["registration"]
