"""What compute asks of network, inside the process."""

import pytest
from tests.localcloud.conftest import Http
from tests.localcloud.test_network import NETWORK, listed, make

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.peers import NetworkPeer, PortWish


@pytest.fixture
def network(cloud: LocalCloud) -> NetworkPeer:
    return cloud.frame.peers.network


@pytest.fixture
def demo(demo_project: str) -> Caller:
    return Caller(
        token_id="t",
        user_id="u",
        user_name="demo",
        roles=frozenset({"member"}),
        project_id=demo_project,
    )


def test_a_server_without_wishes_gets_the_projects_own_network(
    network: NetworkPeer, demo: Caller
) -> None:
    (network_id,) = network.usable_network_ids(demo)

    port = network.create_server_port(demo, PortWish(network_id=network_id, device_id="server"))

    assert port.network_name == "private"
    assert port.addresses[0].address.startswith("10.0.0.")
    assert port.security_group_names == ("default",)
    network.activate_port(port.id)
    (active,) = network.ports_of("server")
    assert active.status == "ACTIVE"
    network.release_port(port.id)
    assert network.ports_of("server") == []


async def test_a_port_of_ones_own_outlives_the_server(
    http: Http, network: NetworkPeer, demo: Caller
) -> None:
    (network_id,) = network.usable_network_ids(demo)
    made = await make(http, "ports", network_id=network_id)
    (public,) = await listed(http, "networks", name="public")
    floating = await make(http, "floatingips", floating_network_id=public["id"], port_id=made["id"])

    bound = network.bind_port(demo, made["id"], "server")

    assert bound.addresses[0].floating_address == floating["floating_ip_address"]
    with pytest.raises(Fault) as refused:
        network.bind_port(demo, made["id"], "another")
    assert (refused.value.status, refused.value.kind) == (409, "PortInUse")
    network.release_port(made["id"])
    shown = (await http("GET", f"{NETWORK}/ports/{made['id']}")).body["port"]
    assert (shown["device_id"], shown["status"]) == ("", "DOWN")


async def test_server_groups_are_set_on_all_its_ports(
    http: Http, network: NetworkPeer, demo: Caller
) -> None:
    (network_id,) = network.usable_network_ids(demo)
    network.create_server_port(demo, PortWish(network_id=network_id, device_id="server"))
    group = await make(http, "security-groups", name="g")

    network.add_security_group("server", network.find_security_group(demo, "g"))

    assert {each.name for each in network.security_groups_of("server")} == {"default", "g"}
    network.remove_security_group("server", group["id"])
    with pytest.raises(Fault) as refused:
        network.remove_security_group("server", group["id"])
    assert refused.value.status == 404
