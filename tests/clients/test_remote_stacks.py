"""Example 10, by the real client: a stack in another cloud, which is a second service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("remote stacks")]

FOLDER = Path(__file__).parents[2] / "examples" / "10-another-cloud"
TEMPLATE = ("-t", str(FOLDER / "template.yaml"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("other") / "state")
    running.start()
    yield running
    if running.process is not None:
        running.stop()


@pytest.fixture(scope="module")
def credential(service: Service, other: Service) -> Iterator[str]:
    """The secret with the account of a user of the other cloud."""
    account = yaml.safe_load((other.state / "clouds.yaml").read_text())["clouds"]["isotherm"]
    with kept(service, {"auth_type": "v3password", "auth": account["auth"]}) as secret:
        yield secret


@contextmanager
def kept(service: Service, payload: Any) -> Iterator[str]:
    """The id of a secret with that payload."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    body = {"name": "other-cloud", "payload": text, "payload_content_type": "text/plain"}
    secrets = "/key-manager/v1/secrets"
    secret = service.send("POST", secrets, body)["secret_ref"].rpartition("/")[2]
    yield secret
    service.send("DELETE", f"{secrets}/{secret}")


def stacks(of: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = of.read("stack", "list", "--nested")
    return found


def test_a_stack_spans_two_clouds(service: Service, other: Service, credential: str) -> None:
    given = ("--parameter", f"credential={credential}")
    service.openstack("stack", "create", *TEMPLATE, *given, "--wait", "both")
    (there,) = stacks(other)
    named = service.read("stack", "output", "show", "both", "stack_there")["output_value"]
    assert there["Stack Name"] == named
    (server,) = other.read("server", "list")
    address = service.read("stack", "output", "show", "both", "address")["output_value"]
    assert address in str(server["Networks"])

    update = ("stack", "update", *TEMPLATE, *given, "both", "--parameter")
    service.openstack(*update, "flavor=m1.small")
    assert service.settle("both") == "UPDATE_COMPLETE"
    assert [each["Flavor"] for each in other.read("server", "list")] == ["m1.small"]

    for action in ("suspend", "resume", "check"):
        service.openstack("stack", action, "both")
        assert service.settle("both") == f"{action.upper()}_COMPLETE"
        assert [each["Stack Status"] for each in stacks(other)] == [f"{action.upper()}_COMPLETE"]

    taken = service.read("stack", "snapshot", "create", "--name", "before", "both")
    assert service.settle("both") == "SNAPSHOT_COMPLETE"
    assert len(other.read("stack", "snapshot", "list", named)) == 1
    service.openstack(*update, "flavor=m1.tiny")
    assert service.settle("both") == "UPDATE_COMPLETE"
    service.openstack("stack", "snapshot", "restore", "both", taken["ID"])
    assert service.settle("both") == "RESTORE_COMPLETE"
    assert [each["Flavor"] for each in other.read("server", "list")] == ["m1.small"]

    service.delete_stack("both")
    assert stacks(other) == []
    assert other.read("server", "list") == []


def test_a_snapshot_of_a_stack_takes_one_in_the_other_cloud(
    service: Service, other: Service, credential: str
) -> None:
    def images() -> list[str]:
        return [each["Name"] for each in other.read("image", "list") if "server" in each["Name"]]

    given = ("--parameter", f"credential={credential}")
    service.openstack("stack", "create", *TEMPLATE, *given, "--wait", "both")
    snapshot = service.read("stack", "snapshot", "create", "both")["ID"]
    assert service.settle("both") == "SNAPSHOT_COMPLETE"
    assert len(images()) == 1
    service.openstack("stack", "snapshot", "restore", "both", snapshot)
    assert service.settle("both") == "RESTORE_COMPLETE"
    assert [each["Stack Status"] for each in stacks(other)] == ["RESTORE_COMPLETE"]
    service.openstack("stack", "snapshot", "delete", "both", snapshot)
    end = time.monotonic() + PATIENCE
    while service.read("stack", "snapshot", "list", "both"):
        assert time.monotonic() < end, "the snapshot stays"
    assert images() == []
    service.delete_stack("both")


def test_the_other_cloud_may_be_away_for_a_while(
    service: Service, other: Service, credential: str
) -> None:
    """Killed in the middle of a create, and started again: there is one stack."""
    given = ("--parameter", f"credential={credential}")
    service.openstack("stack", "create", *TEMPLATE, *given, "away")
    other.kill()
    other.start()
    assert service.settle("away") == "CREATE_COMPLETE"
    assert len(stacks(other)) == 1
    service.delete_stack("away")
    assert stacks(other) == []


def test_the_other_side_says_what_is_wrong(
    service: Service, other: Service, credential: str
) -> None:
    given = ("--parameter", f"credential={credential}", "--parameter", "flavor=m9.none")
    service.openstack("stack", "create", *TEMPLATE, *given, "wrong")
    assert service.settle("wrong") == "CREATE_FAILED"
    reason = service.read("stack", "show", "wrong")["stack_status_reason"]
    assert "resources.there" in reason
    assert "m9.none" in reason
    service.delete_stack("wrong")


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("no json", "holds no credentials for a cloud: it holds no JSON object"),
        ({"auth_type": "v3kerberos", "auth": {}}, "auth_type is to be one of"),
        ({"auth_type": "v3password", "auth": {"username": "x"}}, "auth has no auth_url"),
        (
            {
                "auth_type": "v3password",
                "auth": {
                    "auth_url": "http://10.255.255.1/v3",
                    "username": "x",
                    "user_domain_name": "Default",
                    "password": "pssst",
                },
            },
            "not public; an operator can allow it",
        ),
    ],
)
def test_credentials_that_are_none_are_told(service: Service, payload: Any, words: str) -> None:
    with kept(service, payload) as secret:
        given = ("--parameter", f"credential={secret}")
        reason = service.refused("stack", "create", *TEMPLATE, *given, "unfit")
        assert words in reason
        assert "pssst" not in reason + service.log


def test_a_stack_in_another_region(service: Service, tmp_path: Path) -> None:
    admin = "isotherm-admin"
    service.openstack("region", "create", "There", cloud=admin)
    known = service.read("service", "list", cloud=admin)
    (orchestration,) = [each["ID"] for each in known if each["Type"] == "orchestration"]
    url = f"{service.url}/orchestration/v1/%(project_id)s"
    made = service.read(
        *("endpoint", "create", "--region", "There", orchestration, "public", url), cloud=admin
    )
    template = tmp_path / "outer.yaml"
    inner = {
        "heat_template_version": "2021-04-16",
        "resources": {"v": {"type": "OS::Heat::Value", "properties": {"value": 7}}},
        "outputs": {
            "v": {"value": {"get_attr": ["v", "value"]}},
            "bad": {"value": {"get_attr": ["v", "value", "nope", "deeper"]}},
        },
    }
    properties = {"context": {"region_name": "There"}, "template": json.dumps(inner)}
    outputs = {name: {"value": {"get_attr": ["far", "outputs", name]}} for name in ("v", "bad")}
    template.write_text(
        yaml.safe_dump(
            {
                "heat_template_version": "2021-04-16",
                "resources": {"far": {"type": "OS::Heat::Stack", "properties": properties}},
                "outputs": outputs,
            }
        )
    )
    service.openstack("stack", "create", "-t", str(template), "--wait", "regions")
    nowhere = tmp_path / "nowhere.yaml"
    nowhere.write_text(template.read_text().replace("There", "Nowhere"))
    told = service.refused("stack", "update", "-t", str(nowhere), "regions")
    assert "no way to the orchestration service in region 'Nowhere'" in told
    assert service.read("stack", "output", "show", "regions", "v")["output_value"] == 7
    service.delete_stack("regions")
    service.openstack("endpoint", "delete", made["id"], cloud=admin)
    service.openstack("region", "delete", "There", cloud=admin)
