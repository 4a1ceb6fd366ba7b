"""Each way in which a server hears of deployments, with each in which it reports: by the real
agents, hooks included, on servers that run."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from tests.clients.playing_servers import completed, remove_stack, wait_for
from tests.clients.service import Service
from tests.clients.transports import Seen, shown

from isotherm.resources.agents import TRANSPORTS
from isotherm.resources.software import signalling

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]

SCRIPT = '#!/bin/sh\nprintf "$size at $(hostname)" > $heat_outputs_path.told\n'


def host_name(transport: str) -> str:
    return transport.lower().replace("_", "-")


def deployment_name(transport: str, signal: str) -> str:
    return f"{transport}_{signal}"


def server(transport: str) -> dict[str, Any]:
    return {
        "type": "OS::Nova::Server",
        "properties": {
            "name": host_name(transport),
            "image": "cirros",
            "flavor": "m1.small",
            "networks": [{"network": "private"}],
            "user_data_format": "SOFTWARE_CONFIG",
            "software_config_transport": transport,
        },
    }


def deployment(transport: str, signal: str) -> dict[str, Any]:
    return {
        "type": "OS::Heat::SoftwareDeployment",
        "properties": {
            "config": {"get_resource": "config"},
            "server": {"get_resource": transport},
            "input_values": {"size": signal},
            "signal_transport": signal,
            "name": signal,
        },
    }


def template() -> dict[str, Any]:
    """A server for each way in which it can hear of deployments; on each of them a deployment for
    each way to report."""
    config = {
        "type": "OS::Heat::SoftwareConfig",
        "properties": {
            "group": "script",
            "config": SCRIPT,
            "inputs": [{"name": "size"}],
            "outputs": [{"name": "told"}],
        },
    }
    deployments = {
        deployment_name(*ways): deployment(*ways)
        for ways in itertools.product(TRANSPORTS, signalling.TRANSPORTS)
    }
    servers = {transport: server(transport) for transport in TRANSPORTS}
    told = {name: {"value": {"get_attr": [name, "told"]}} for name in deployments}
    return {
        "heat_template_version": "2021-04-16",
        "resources": {"config": config, **servers, **deployments},
        "outputs": told | {name: {"value": {"get_resource": name}} for name in servers},
    }


def test_the_agents_hear_and_report_in_each_way(playing: Service) -> None:
    base = f"/orchestration/v1/{playing.project}/stacks"
    playing.send("POST", base, {"stack_name": "ways", "template": json.dumps(template())})
    told = completed(playing, "ways")
    for transport, signal in itertools.product(TRANSPORTS, signalling.TRANSPORTS):
        text = f"{signal} at {host_name(transport)}"
        expected = None if signal == signalling.NO_SIGNAL else text
        assert told[deployment_name(transport, signal)] == expected
        if signal == signalling.NO_SIGNAL:
            wait_for(playing, told[transport], f"size={signal}")
        shown(transport, signal, Seen.SERVER)
    remove_stack(playing, "ways")
