"""Samples of shares and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import NET, Sample, made, ref

LDAP = {
    name: made("OS::Manila::SecurityService", type=kind)
    for name, kind in (("ldap", "ldap"), ("kerberos", "kerberos"))
}
PLACE = {"neutron_network": ref("net"), "neutron_subnet": ref("subnet")}
SHARE = {"share_protocol": "NFS", "size": 1}


def address(text: str, level: str = "rw") -> dict[str, str]:
    return {"access_type": "ip", "access_to": text, "access_level": level}


SAMPLES: Mapping[str, Sample] = {
    "OS::Manila::SecurityService": Sample(
        {"type": "ldap", "server": "one"},
        {"type": "ldap", "server": "two", "name": "stack-new", "password": "secret"},
        {"type": "kerberos"},
    ),
    "OS::Manila::Share": Sample(
        {**SHARE, "metadata": {"a": "b"}, "access_rules": [address("10.0.0.1")]},
        {
            **SHARE,
            "name": "stack-new",
            "metadata": {"c": "d"},
            "access_rules": [address("10.0.0.1", "ro"), address("10.0.0.2")],
        },
        {**SHARE, "size": 2},
    ),
    "OS::Manila::ShareNetwork": Sample(
        {**PLACE, "security_services": [ref("ldap")]},
        {**PLACE, "name": "stack-new", "security_services": [ref("kerberos")]},
        None,
        {**NET, **LDAP},
    ),
    "OS::Manila::ShareType": Sample(
        {"name": "stack-type", "driver_handles_share_servers": False, "extra_specs": {"a": "b"}},
        {"name": "stack-type", "driver_handles_share_servers": False, "extra_specs": {"c": "d"}},
        {"name": "stack-other", "driver_handles_share_servers": True},
        user="admin",
    ),
    "OS::Manila::ShareType of-the-same-name": Sample(
        {"name": "stack-type", "driver_handles_share_servers": False},
        None,
        {"name": "stack-type", "driver_handles_share_servers": True, "is_public": False},
        user="admin",
    ),
}
