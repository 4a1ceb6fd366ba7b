"""Samples of what servers are told to do."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import Sample, made, ref

CONFIGS = {name: made("OS::Heat::SoftwareConfig", config="true") for name in ("config", "config2")}
DEPLOYED = {"config": ref("config"), "server": "a-server", "signal_transport": "NO_SIGNAL"}
OTHER = {**DEPLOYED, "server": "b-server"}
CHANGED = {**DEPLOYED, "config": ref("config2"), "input_values": {"a": "b"}}
PART = {"tool": "script", "config": "a", "actions": ["CREATE"]}

GROUP = {
    "config": ref("config"),
    "servers": {"a": "a-server", "b": "b-server"},
    "signal_transport": "NO_SIGNAL",
}
GROUPS = {
    f"OS::Heat::{kind}": Sample(
        GROUP,
        {**GROUP, "servers": {"b": "b-server", "c": "c-server"}, "input_values": {"x": "y"}},
        {**GROUP, "signal_transport": "CFN_SIGNAL", "actions": ["RESUME"]},
        CONFIGS,
    )
    for kind in (
        "SoftwareDeploymentGroup",
        "SoftwareDeployments",
        "StructuredDeploymentGroup",
        "StructuredDeployments",
    )
}

SAMPLES: Mapping[str, Sample] = {
    **GROUPS,
    "OS::Heat::DeployedServer": Sample(
        {"software_config_transport": "POLL_SERVER_HEAT"},
        {"software_config_transport": "POLL_SERVER_CFN", "name": "new"},
    ),
    "OS::Heat::CloudConfig": Sample({}, None, {"cloud_config": {"runcmd": ["ls"]}}),
    "OS::Heat::MultipartMime": Sample(
        {"parts": [{"config": ref("config")}]}, None, {"parts": [{"config": "b"}]}, CONFIGS
    ),
    "OS::Heat::SoftwareComponent": Sample(
        {"configs": [PART]}, None, {"configs": [{**PART, "actions": ["UPDATE"]}]}
    ),
    "OS::Heat::SoftwareConfig": Sample(
        {"config": "a", "inputs": [{"name": "x"}]}, None, {"config": "b"}
    ),
    "OS::Heat::SoftwareDeployment": Sample(DEPLOYED, CHANGED, OTHER, CONFIGS),
    "OS::Heat::SoftwareDeployment alone": Sample(
        {"server": "a-server", "signal_transport": "NO_SIGNAL", "actions": ["DELETE", "SUSPEND"]}
    ),
    "OS::Heat::WaitConditionHandle left": Sample(
        {"signal_transport": "TEMP_URL_SIGNAL"}, None, {"signal_transport": "ZAQAR_SIGNAL"}
    ),
    "OS::Heat::StructuredConfig": Sample({"config": {"a": 1}}, None, {"config": {"a": 2}}),
    "OS::Heat::StructuredDeployment": Sample(DEPLOYED, CHANGED, OTHER, CONFIGS),
}
