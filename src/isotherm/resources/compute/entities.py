"""Coordinates of compute objects, and of the ports that servers bring with them."""

from isotherm.kit import Entity

# 2.42 is the last but a few version in which a server still tells the id of its flavor.
SERVER = Entity("compute", "server", "/servers", "servers", "/servers/detail", microversion="2.42")
INTERFACE = Entity(
    "compute",
    "interfaceAttachment",
    "/servers/{parent}/os-interface",
    "interfaceAttachments",
    microversion="2.49",
    id_field="port_id",
)
FLAVOR = Entity("compute", "flavor", "/flavors", "flavors", "/flavors/detail", microversion="2.61")
KEY_PAIR = Entity(
    "compute", "keypair", "/os-keypairs", "keypairs", microversion="2.10", id_field="name"
)
SERVER_GROUP = Entity(
    "compute", "server_group", "/os-server-groups", "server_groups", microversion="2.64"
)
PORT = Entity("network", "port", "/ports", "ports")
FLOATING_IP = Entity("network", "floatingip", "/floatingips", "floatingips")
NETWORK = Entity("network", "network", "/networks", "networks")
SUBNET = Entity("network", "subnet", "/subnets", "subnets")
