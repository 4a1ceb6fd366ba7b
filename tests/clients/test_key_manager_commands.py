"""python-barbicanclient on what stacks make, and on what it makes itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

TEMPLATE = {
    "heat_template_version": "2018-08-31",
    "resources": {
        "secret": {
            "type": "OS::Barbican::Secret",
            "properties": {"name": "mine", "payload": "hush", "payload_content_type": "text/plain"},
        },
        "box": {
            "type": "OS::Barbican::GenericContainer",
            "properties": {"secrets": [{"name": "a", "ref": {"get_resource": "secret"}}]},
        },
    },
    "outputs": {name: {"value": {"get_resource": name}} for name in ("secret", "box")},
}


def test_what_a_stack_made(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(TEMPLATE))
    service.openstack("stack", "create", "--wait", "-t", str(file), "keys")
    outputs = service.read("stack", "output", "show", "--all", "keys")
    secret, box = (outputs[name]["output_value"] for name in ("secret", "box"))
    assert service.read("secret", "get", secret)["Name"] == "mine"
    assert service.read("secret", "get", "--payload", secret) == {"Payload": "hush"}
    listed = service.read("secret", "container", "list")
    assert box in [each["Container href"] for each in listed]
    service.openstack("secret", "container", "delete", box)
    service.openstack("stack", "delete", "--yes", "--wait", "keys")
    assert service.read("secret", "list", "--name", "mine") == []


def test_what_the_client_makes(service: Service) -> None:
    stored = service.read("secret", "store", "--name", "own", "--payload", "quiet")
    secret = stored["Secret href"]
    assert [each["Name"] for each in service.read("secret", "list", "--name", "own")] == ["own"]
    box = service.read("secret", "container", "create", "--secret", f"a={secret}")
    assert secret in service.openstack("secret", "container", "get", box["Container href"])
    order = ["key", "--algorithm", "aes", "--bit-length", "128", "--name", "own-key"]
    ordered = service.read("secret", "order", "create", *order)["Order href"]
    made = service.read("secret", "order", "get", ordered)
    assert made["Status"] == "ACTIVE"
    service.openstack("secret", "order", "delete", ordered)
    service.openstack("secret", "container", "delete", box["Container href"])
    for each in (secret, made["Secret href"]):
        service.openstack("secret", "delete", each)
    assert "Secret not found" in service.refused("secret", "get", secret)
