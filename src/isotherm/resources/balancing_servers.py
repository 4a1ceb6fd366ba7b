"""Servers that balance load: what HAProxy on them is told, in the metadata of a resource of their stack."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from isotherm import kit
from isotherm.resources import pool_members

INSTANCE = "LB_instance"
_CONFIG = "/etc/haproxy/haproxy.cfg"
_TARGET = re.compile(r"(?P<protocol>TCP|SSL|HTTP|HTTPS):(?P<port>\d{1,5})(?P<path>/.*)?", re.IGNORECASE)
_OF = " # of "
"""Stands before the group that a server has joined for."""
_START = """\
global
    daemon

defaults
    timeout connect 5s
    timeout client 1m
    timeout server 1m"""


def target_of(text: str) -> Mapping[str, str] | None:
    """Protocol, port and path of what a health check asks; None where that is written in no known way."""
    found = _TARGET.fullmatch(text)
    return found.groupdict("") if found else None


async def addresses_of(api: kit.CloudApi, servers: Collection[str]) -> dict[str, str]:
    found = await pool_members.members_of(api, servers, 0, 0)
    return {each["name"]: each["address"] for each in found}


def told(template: Mapping[str, Any]) -> str:
    return str(_file(template)["content"])


def tell(template: Mapping[str, Any], text: str) -> None:
    _file(template)["content"] = text


def _file(template: Mapping[str, Any]) -> Any:
    """Raises LookupError where the template has no such file."""
    metadata = template["Resources"][INSTANCE]["Metadata"]
    return metadata["AWS::CloudFormation::Init"]["config"]["files"][_CONFIG]


def configuration(properties: kit.Fields, servers: Mapping[str, str], present: str = "") -> str:
    """What is told of a load balancer with these properties. Servers stay that groups have had join
    what is told at ``present``."""
    joined = {each[0]: [line for line in each if _OF in line] for each in _parts(present)}
    parts = [_START]
    for told in properties["Listeners"]:
        lines = list(_listening(told, properties.get("HealthCheck")))
        lines += _servers(told, properties.get("HealthCheck"), servers)
        parts.append("\n".join([*lines, *joined.get(lines[0], ())]))
    return "\n\n".join(parts) + "\n"


def with_joined(text: str, properties: kit.Fields, group: str, servers: Mapping[str, str]) -> str:
    """``text`` with these servers of a group, and no others of it."""
    mark = f"{_OF}{group}"
    listeners = {_name(each): each for each in properties["Listeners"]}
    parts = []
    for lines in _parts(text):
        kept = [each for each in lines if not each.endswith(mark)]
        if (told := listeners.get(lines[0])) is not None:
            kept += [f"{each}{mark}" for each in _servers(told, properties.get("HealthCheck"), servers)]
        parts.append("\n".join(kept))
    return "\n\n".join(parts) + "\n"


async def join(ctx: kit.Context[Any], balancer: kit.Neighbour, servers: Collection[str]) -> None:
    """Have these servers, and no others of the group, be balanced by another stack of this stack's."""
    blueprint = await ctx.stacks.blueprint(balancer.physical_id)
    if blueprint is None:
        return
    template = json.loads(blueprint.template)
    before = told(template)
    addresses = await addresses_of(ctx.api, sorted(servers))
    after = with_joined(before, kit.reveal(balancer.properties), ctx.physical_id, addresses)
    if after != before:
        tell(template, after)
        changed = kit.Blueprint(json.dumps(template), blueprint.parameters, blueprint.minutes)
        await ctx.stacks.update(balancer.name, balancer.physical_id, changed)


def _parts(text: str) -> list[list[str]]:
    return [each.splitlines() for each in text.strip("\n").split("\n\n")] if text else []


def _name(told: kit.Fields) -> str:
    return f"listen port-{told['LoadBalancerPort']}"


def _listening(told: kit.Fields, check: kit.Fields | None) -> Iterator[str]:
    yield _name(told)
    yield f"    bind *:{told['LoadBalancerPort']}"
    yield f"    mode {str(told['Protocol']).lower()}"
    yield "    balance roundrobin"
    if check is None:
        return
    target = target_of(str(check["Target"])) or {}
    if target.get("path"):
        yield f"    option httpchk GET {target['path']}"
    yield f"    timeout check {check['Timeout']}s"


def _servers(told: kit.Fields, check: kit.Fields | None, servers: Mapping[str, str]) -> list[str]:
    watch = ""
    if check is not None:
        port = (target_of(str(check["Target"])) or {}).get("port", told["InstancePort"])
        looks = f"fall {check['UnhealthyThreshold']} rise {check['HealthyThreshold']}"
        watch = f" check port {port} inter {check['Interval']}s {looks}"
    return [f"    server {n} {each}:{told['InstancePort']}{watch}" for n, each in sorted(servers.items())]
