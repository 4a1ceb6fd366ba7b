"""Load balancers v2: listeners, pools, members, monitors, L7 policies; flavors and zones."""

from isotherm.localcloud.load_balancer.dialect import render
from isotherm.localcloud.load_balancer.state import Balancing
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Balancing,
    mount="/load-balancer",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("load-balancer", "octavia", "/load-balancer"),),
)
