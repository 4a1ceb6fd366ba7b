"""What a server may read of itself at 169.254.169.254: the formats of EC2 and of OpenStack."""

import base64
import ipaddress
import json
from typing import Any

from isotherm.localcloud.machines import ServerFacts
from isotherm.localcloud.peers import PortFacts

_VERSIONS = (
    *("2012-08-10", "2013-04-04", "2013-10-17", "2015-10-15", "2016-06-30"),
    *("2016-10-06", "2017-02-22", "2018-08-27", "2020-10-14", "latest"),
)
_EC2_VERSIONS = (
    *("1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10"),
    *("2007-12-15", "2008-02-01", "2008-09-01", "2009-04-04", "latest"),
)

Tree = dict[str, Any]


def read(path: str, server: ServerFacts, ports: list[PortFacts]) -> bytes | None:
    """The document or the list at a path; None where there is nothing."""
    parts = [part for part in path.partition("?")[0].split("/") if part]
    if not parts:
        return "\n".join(_EC2_VERSIONS).encode()
    if parts[0] == "openstack":
        return _at(dict.fromkeys(_VERSIONS, _openstack(server, ports)), parts[1:])
    if parts[0] in _EC2_VERSIONS:
        return _at(_ec2(server, ports), parts[1:])
    return None


def documents(server: ServerFacts, ports: list[PortFacts]) -> dict[str, bytes]:
    """The config drive's, by path."""
    own, data = _ec2(server, ports), _user_data(server)
    about = own["meta-data"]
    names = enumerate(server.public_keys.items())
    about["public-keys"] = {str(n): {"_name": f"{n}={k}", "openssh-key": v} for n, (k, v) in names}
    about["security-groups"] = about["security-groups"].splitlines()
    found = {f"openstack/latest/{name}": text for name, text in _openstack(server, ports).items()}
    found["ec2/latest/meta-data.json"] = json.dumps(about).encode()
    return found | ({"ec2/latest/user-data": data["user_data"]} if data else {})


def _at(found: Any, parts: list[str]) -> bytes | None:
    for part in parts:
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    if isinstance(found, dict):
        names = [f"{name}/" if isinstance(below, dict) else name for name, below in found.items()]
        return "\n".join(names).encode()
    return found if isinstance(found, bytes) else str(found).encode()


def _user_data(server: ServerFacts) -> dict[str, bytes]:
    return {"user_data": base64.b64decode(server.user_data)} if server.user_data else {}


def _openstack(server: ServerFacts, ports: list[PortFacts]) -> dict[str, bytes]:
    about = {
        "uuid": server.id,
        "name": server.name,
        "hostname": server.hostname,
        "launch_index": server.launch_index,
        "availability_zone": server.availability_zone,
        "project_id": server.project_id,
        "reservation_id": server.reservation_id,
        "meta": dict(server.metadata),
        "public_keys": dict(server.public_keys),
        "keys": [{"name": n, "type": "ssh", "data": k} for n, k in server.public_keys.items()],
        "devices": [],
    }
    return {
        "meta_data.json": json.dumps(about).encode(),
        **_user_data(server),
        "network_data.json": json.dumps(_networks(ports)).encode(),
        "vendor_data.json": b"{}",
        "vendor_data2.json": b"{}",
        "password": b"",
    }


def _networks(ports: list[PortFacts]) -> Tree:
    links = [
        {"id": f"tap{p.id[:11]}", "type": "phy", "ethernet_mac_address": p.mac_address}
        for p in ports
    ]
    networks = [
        {
            "id": f"network{index}",
            "type": f"ipv{address.version}",
            "link": f"tap{port.id[:11]}",
            "ip_address": address.address,
            "netmask": _netmask(address.cidr),
            "network_id": port.network_id,
            "routes": [],
        }
        for index, (port, address) in enumerate((p, a) for p in ports for a in p.addresses)
    ]
    return {"links": links, "networks": networks, "services": []}


def _netmask(cidr: str) -> str:
    return str(ipaddress.ip_network(cidr).netmask)


def _ec2(server: ServerFacts, ports: list[PortFacts]) -> Tree:
    fixed = [a for port in ports for a in port.addresses if a.version == 4]
    local = fixed[0].address if fixed else ""
    public = next((a.floating_address for a in fixed if a.floating_address), "")
    keys = {
        f"{index}={name}": {"openssh-key": key}
        for index, (name, key) in enumerate(server.public_keys.items())
    }
    groups = [name for port in ports for name in port.security_group_names]
    about: Tree = {
        "ami-id": f"ami-{server.image_id[:8]}",
        "ami-launch-index": server.launch_index,
        "block-device-mapping": {"ami": "vda", "root": "/dev/vda"},
        "hostname": server.hostname,
        "instance-action": "none",
        "instance-id": f"i-{server.number:08x}",
        "instance-type": server.flavor,
        "local-hostname": server.hostname,
        "local-ipv4": local,
        "placement": {"availability-zone": server.availability_zone},
        "public-hostname": server.hostname,
        "public-ipv4": public,
        "reservation-id": server.reservation_id,
        "security-groups": "\n".join(dict.fromkeys(groups)),
    }
    if keys:
        about["public-keys"] = keys
    user_data = _user_data(server)
    return {"meta-data": about} | ({"user-data": user_data["user_data"]} if user_data else {})
