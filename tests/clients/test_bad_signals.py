"""Signals that are wrong, come from the wrong people or ask for too much: told, and harmless."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

ADMIN = "isotherm-admin"
TEMPLATE: dict[str, Any] = {
    "heat_template_version": "2021-04-16",
    "parameters": {"size": {"type": "number", "default": 1}},
    "resources": {
        "handle": {"type": "OS::Heat::WaitConditionHandle"},
        "text": {"type": "OS::Heat::RandomString"},
        "group": {
            "type": "OS::Heat::AutoScalingGroup",
            "properties": {
                "min_size": 1,
                "max_size": 8,
                "desired_capacity": {"get_param": "size"},
                "resource": {"type": "OS::Cinder::Volume", "properties": {"size": 1}},
            },
        },
        **{
            name: {
                "type": "OS::Heat::ScalingPolicy",
                "properties": {
                    "auto_scaling_group_id": {"get_resource": "group"},
                    "adjustment_type": "change_in_capacity",
                    "scaling_adjustment": step,
                },
            }
            for name, step in (("grow", 5), ("stay", 0), ("shrink", -99), ("flood", 10**9))
        },
    },
    "outputs": {"size": {"value": {"get_attr": ["group", "current_size"]}}},
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("signals") / "template.json"
    file.write_text(json.dumps(TEMPLATE))
    return str(file)


@pytest.fixture
def own(service: Service, template: str) -> Iterator[str]:
    """The path of a stack with a handle, a group and policies."""
    service.openstack("stack", "create", "-t", template, "--wait", "signalled")
    found = service.get(f"/orchestration/v1/{service.project}/stacks/signalled")["stack"]
    yield f"/orchestration/v1/{service.project}/stacks/signalled/{found['id']}"
    service.delete_stack("signalled")


def signal(
    service: Service, stack: str, resource: str, content: bytes | None, token: str = ""
) -> tuple[int, str]:
    """Status and body of what the service answers to a signal with that body."""
    request = urllib.request.Request(
        f"{service.url}{stack}/resources/{resource}/signal",
        content,
        {"X-Auth-Token": token or service.token, "Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def size(service: Service, stack: str, expected: int) -> int:
    """How many members there are, as soon as they are as many as expected."""
    end = time.monotonic() + PATIENCE
    while True:
        shown = service.get(stack)
        (output,) = shown["stack"]["outputs"]
        if output["output_value"] == expected or time.monotonic() > end:
            return int(output["output_value"])
        time.sleep(0.2)


def row(service: Service, stack: str, name: str) -> dict[str, str]:
    found: dict[str, str] = service.get(f"{stack}/resources/{name}")["resource"]
    return found


WRONG = [
    b"no json",
    b"[1, 2]",
    b'"text"',
    b"7",
    b"{",
    b"\xff\xfe",
    b'{"id": "\xff"}',
    b'{"\xff": "id"}',
    b'{"a": NaN}',
    b"[" * 5000,
    b'{"id": {"deep": []}, "status": 7, "reason": null, "data": [{}]}',
    b'{"status": "SUCCESS", "id": ""}',
    b'{"unset_hook": 7}',
    b'{"current": ["alarm"], "state": {}}',
]


def test_wrong_bodies_are_refused_or_count_as_nothing(service: Service, own: str) -> None:
    for resource in ("handle", "stay"):
        for content in WRONG:
            status, body = signal(service, own, resource, content)
            assert status in (200, 400), (content, body)
            assert "Traceback" not in body
        assert row(service, own, resource)["resource_status"].endswith("_COMPLETE")
    assert size(service, own, 1) == 1


def test_resources_that_take_no_signals_say_so(service: Service, own: str) -> None:
    for resource in ("text", "group"):
        status, body = signal(service, own, resource, b"{}")
        assert (status, "signal is not supported" in body) == (400, True)
    assert signal(service, own, "nothing", b"{}")[0] == 404
    by_client = ("stack", "resource", "signal", "signalled")
    assert "signal is not supported" in service.refused(*by_client, "text")


def test_strangers_may_not_signal(service: Service, own: str) -> None:
    service.openstack("project", "create", "elsewhere", cloud=ADMIN)
    service.openstack("user", "create", "eve", "--password", "eves", cloud=ADMIN)
    service.openstack(
        "role", "add", "--project", "elsewhere", "--user", "eve", "member", cloud=ADMIN
    )
    as_eve = ("--os-username", "eve", "--os-password", "eves", "--os-project-name", "elsewhere")
    token = service.openstack(*as_eve, "token", "issue", "-f", "value", "-c", "id").strip()
    assert signal(service, own, "grow", b"{}", token)[0] in (403, 404)
    assert signal(service, own, "grow", b"{}", "nonsense")[0] == 401
    assert size(service, own, 1) == 1
    service.openstack("user", "delete", "eve", cloud=ADMIN)
    service.openstack("project", "delete", "elsewhere", cloud=ADMIN)


def test_scaling_keeps_to_the_limits(service: Service, own: str) -> None:
    assert signal(service, own, "stay", None)[0] == 200
    assert size(service, own, 1) == 1
    assert signal(service, own, "flood", None)[0] == 200
    assert size(service, own, 8) == 8
    assert signal(service, own, "shrink", None)[0] == 200
    assert size(service, own, 1) == 1
    assert service.settle("signalled") == "CREATE_COMPLETE"


def test_a_group_whose_quota_is_used_up_is_left_at_what_exists(
    service: Service, own: str, template: str
) -> None:
    present = len(service.read("volume", "list"))
    limit = str(present + 2)
    service.openstack("quota", "set", "--volumes", limit, "demo", cloud=ADMIN)
    try:
        assert signal(service, own, "grow", None)[0] == 200
        end = time.monotonic() + PATIENCE
        while row(service, own, "group")["resource_status"] != "UPDATE_FAILED":
            assert time.monotonic() < end, row(service, own, "group")
            time.sleep(0.2)
        assert "quota" in row(service, own, "group")["resource_status_reason"].lower()
        assert len(service.read("volume", "list")) == present + 2
    finally:
        service.openstack("quota", "delete", "--volume", "demo", cloud=ADMIN)
    update = ("stack", "update", "-t", template, "--parameter", "size=4", "--wait")
    service.openstack(*update, "signalled")
    assert size(service, own, 4) == 4
    assert len(service.read("volume", "list")) == present + 3
