"""The company whose templates these are: what its cloud has before any stack is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.core.clock import Clock
from isotherm.kit import CloudApi
from isotherm.kit.entity import Entity
from isotherm.kit.services import block_storage, compute, identity, load_balancer, network
from isotherm.kit.services.image import IMAGE
from isotherm.testing.local_world import LocalWorld

ADMIN, USER = "admin", ""


@dataclass(frozen=True)
class Fixture:
    """Something that templates name. ``{network office}`` in its body, or in the id of what it lies
    in, stands for the id of another one, which it ``needs``; it ``brings`` others. Templates that
    call it by its id have a ``number`` there, as ids differ from run to run."""

    name: str
    entity: Entity
    body: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ADMIN
    number: str = ""
    needs: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.entity.key} {self.name}"

    def is_named_in(self, text: str) -> bool:
        pattern = rf"(?<![\w.-]){re.escape(self.number or self.name)}(?![\w-]|\.\w)"
        return re.search(pattern, text) is not None


def image(name: str) -> Fixture:
    body = {"container_format": "bare", "disk_format": "raw", "visibility": "public"}
    return Fixture(name, IMAGE, {"name": name, **body})


def flavor(name: str, ram: int = 2048, **more: int) -> Fixture:
    return Fixture(name, compute.FLAVOR, {"name": name, "ram": ram, "disk": 5, "vcpus": 1, **more})


def volume_type(name: str, **specs: str) -> Fixture:
    return Fixture(name, block_storage.VOLUME_TYPE, {"name": name, "extra_specs": specs})


def net(name: str, *versions: int, number: str = "") -> Fixture:
    brings = tuple(f"subnet {name} v{version}" for version in versions or (4,))
    return Fixture(
        name, network.NETWORK, {"name": name, "shared": True}, number=number, brings=brings
    )


def subnet(of: str, cidr: str) -> Fixture:
    version = 6 if ":" in cidr else 4
    body = {"network_id": f"{{network {of}}}", "cidr": cidr, "ip_version": version}
    return Fixture(f"{of} v{version}", network.SUBNET, body, needs=(f"network {of}",))


IMAGES = (
    *("app", "app-1.4", "app-1.5", "app-41", "app-42", "app-7", "app-8", "blender", "cluster"),
    *("cuda-12", "data-image", "debian-12", "debian-12-west", "dpdk", "firewall", "haproxy"),
    *("mysql", "nginx", "nginx-stable", "postgres-15", "realtime", "redis", "runner", "storage"),
    *("ubuntu-22.04", "windows-2022", "worker", "ami-0abcdef1234567890"),
)
FLAVORS = (
    *("c1.small", "c1.medium", "m1.large", "m1.xlarge", "io1.large"),
    *("db1.small", "db1.large", "nfv.large", "t3.micro", "t3.small"),
)
NETWORKS = {
    name: f"192.168.{number}.0/24"
    for number, name in enumerate(
        (
            *("office", "test", "corporate", "provider", "datapath", "management", "render"),
            *("data", "storage", "tenant", "outside"),
        )
    )
}
OTHERS_NETWORK = "of another stack"
VOLUME = "{volume of last week}"

FIXTURES = (
    *map(image, IMAGES),
    *map(flavor, FLAVORS),
    flavor("m1.nano", 64),
    flavor("g1.large", swap=4096),
    flavor("d1.large", swap=8192, **{"OS-FLV-EXT-DATA:ephemeral": 100}),
    volume_type("ssd"),
    volume_type("hdd"),
    volume_type("multiattach", multiattach="<is> True"),
    *map(net, NETWORKS),
    *(subnet(name, cidr) for name, cidr in NETWORKS.items()),
    net("dual", 4, 6),
    subnet("dual", "192.168.70.0/24"),
    subnet("dual", "fd00:70::/64"),
    net("v6-only", 6),
    subnet("v6-only", "fd00:71::/64"),
    net("inside"),
    subnet("inside", "10.0.0.0/24"),
    net(OTHERS_NETWORK, number="0a31c04e-5d3f-4b5b-a4ae-1a2f5f3fcd11"),
    subnet(OTHERS_NETWORK, "192.168.72.0/24"),
    Fixture("gold", network.QOS_POLICY, {"name": "gold", "shared": True}),
    Fixture(
        "tenant-v4",
        network.SUBNET_POOL,
        {"name": "tenant-v4", "prefixes": ["10.128.0.0/16"], "shared": True},
    ),
    *(
        Fixture(name, network.SECURITY_GROUP, {"name": name}, owner=USER)
        for name in ("web", "monitoring")
    ),
    *(
        Fixture(name, identity.PROJECT, {"name": name, "domain_id": "default"})
        for name in ("operations", "customer")
    ),
    *(
        Fixture(name, compute.KEY_PAIR, {"name": name}, owner=USER)
        for name in ("key", "mine", "operators")
    ),
    Fixture(
        "near",
        compute.SERVER_GROUP,
        {"name": "near", "policy": "affinity"},
        owner=USER,
        number="5b6ed0c0-3f4a-4a5e-9f4c-333333333333",
    ),
    Fixture("of last week", block_storage.VOLUME, {"size": 1}, owner=USER),
    Fixture(
        "last week's",
        block_storage.BACKUP,
        {"volume_id": VOLUME},
        owner=USER,
        number="3fae2b86-4e6f-4bf8-a8a4-000000000001",
        needs=("volume of last week",),
    ),
    Fixture(
        "nightly",
        block_storage.SNAPSHOT,
        {"volume_id": VOLUME},
        owner=USER,
        number="3fae2b86-4e6f-4bf8-a8a4-000000000002",
        needs=("volume of last week",),
    ),
    Fixture(
        "web-1",
        compute.SERVER,
        {
            "name": "web-1",
            "imageRef": "{image cirros}",
            "flavorRef": "1",
            "networks": [{"uuid": "{network private}"}],
        },
        owner=USER,
        number="3fae2b86-4e6f-4bf8-a8a4-000000000003",
    ),
    Fixture(
        "any",
        load_balancer.FLAVOR_PROFILE,
        {"name": "any", "provider_name": "amphora", "flavor_data": "{}"},
    ),
    Fixture(
        "small",
        load_balancer.FLAVOR,
        {"name": "small", "flavor_profile_id": "{flavorprofile any}"},
        needs=("flavorprofile any",),
    ),
    Fixture(
        "anywhere",
        load_balancer.AVAILABILITY_ZONE_PROFILE,
        {"name": "anywhere", "provider_name": "amphora", "availability_zone_data": "{}"},
    ),
    Fixture(
        "west-1",
        load_balancer.AVAILABILITY_ZONE,
        {"name": "west-1", "availability_zone_profile_id": "{availability_zone_profile anywhere}"},
        needs=("availability_zone_profile anywhere",),
    ),
    Fixture(
        "entry",
        load_balancer.LOAD_BALANCER,
        {"name": "entry", "vip_network_id": "{network private}"},
        owner=USER,
    ),
    Fixture(
        "watched-pool",
        load_balancer.POOL,
        {
            "name": "watched-pool",
            "loadbalancer_id": "{loadbalancer entry}",
            "protocol": "HTTP",
            "lb_algorithm": "ROUND_ROBIN",
        },
        owner=USER,
        needs=("loadbalancer entry",),
    ),
)
_BY_KEY = {each.key: each for each in FIXTURES}
_SOON = 60.0
"""Seconds in which each is ready."""


async def furnish(world: LocalWorld, user: str, text: str, clock: Clock) -> dict[str, str]:
    """Make what the text names; what it is to say instead of each number."""
    admin = await world.connect_as(ADMIN)
    ids = {
        "image cirros": await admin.find("glance.image", "cirros"),
        "network private": await admin.find("neutron.network", "private"),
    }
    # A project has its default group from the first look on.
    await (await world.connect_as(user)).list(network.SECURITY_GROUP)
    for each in _wanted(text):
        ids[each.key] = await _make(await world.connect_as(each.owner or user), each, ids)
        await clock.sleep(_SOON)
    return {each.number: ids[each.key] for each in FIXTURES if each.number and each.key in ids}


def _wanted(text: str) -> Iterator[Fixture]:
    """In the order in which they can be made."""
    done: set[str] = set()
    for each in FIXTURES:
        if each.is_named_in(text):
            for key in (*each.needs, each.key, *each.brings):
                if key not in done:
                    done.add(key)
                    yield _BY_KEY[key]


async def _make(api: CloudApi, fixture: Fixture, ids: Mapping[str, str]) -> str:
    made = await api.create(fixture.entity, _filled(fixture.body, ids))
    if fixture.entity is IMAGE:
        how = {"method": {"name": "web-download", "uri": "http://images.example.org/image"}}
        await api.call("image", "POST", f"/images/{made['id']}/import", how)
    return str(made[fixture.entity.id_field])


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, ids) for each in value]
    return ids.get(value[1:-1], value) if isinstance(value, str) else value
