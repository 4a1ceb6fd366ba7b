"""Compute: servers and what they are made with."""

from isotherm.kit.finder import ANYTHING, NOTHING, Finder
from isotherm.kit.service import Service, busy, declare

COMPUTE = declare(
    Service(
        "compute",
        version="v2.1",
        microversions="compute",
        own_header="X-OpenStack-Nova-API-Version",
        # A volume that several servers share comes and goes with one after the other.
        busy=(
            busy("status must be available or in-use or downloading to reserve", 400),
            busy("Unable to detach volume. Volume status must be 'in-use'", 400),
        ),
    )
)

SERVER = COMPUTE.entity(
    "server",
    "/servers",
    list_path="/servers/detail",
    # The last but a few in which a server still tells the id of its flavor.
    microversion="2.42",
    finder=Finder("nova.server", by_pattern=True),
)
INTERFACE = COMPUTE.entity(
    "interfaceAttachment",
    "/servers/{parent}/os-interface",
    microversion="2.49",
    id_field="port_id",
)
VOLUME_ATTACHMENT = COMPUTE.entity(
    "volumeAttachment",
    "/servers/{parent}/os-volume_attachments",
    # The first in which a volume that several servers share can be attached.
    microversion="2.60",
    id_field="volumeId",
)
FLAVOR = COMPUTE.entity(
    "flavor",
    "/flavors",
    list_path="/flavors/detail",
    microversion="2.61",
    finder=Finder("nova.flavor", name_filter="", filters={"is_public": "None"}),
)
KEY_PAIR = COMPUTE.entity(
    "keypair",
    "/os-keypairs",
    microversion="2.10",
    id_field="name",
    finder=Finder("nova.keypair", ANYTHING, by_name=False, may_be_empty=True),
)
SERVER_GROUP = COMPUTE.entity("server_group", "/os-server-groups", microversion="2.64")
AGGREGATE = COMPUTE.entity("aggregate", "/os-aggregates")
HOST = COMPUTE.entity(
    "",
    "/os-hosts",
    "hosts",
    id_field="host_name",
    finder=Finder("nova.host", NOTHING, name_filter="", name_field="host_name"),
)
# Without a microversion: later ones do not know the limits of addresses any more.
QUOTA_SET = COMPUTE.entity("quota_set", "/os-quota-sets")
