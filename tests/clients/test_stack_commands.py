"""``openstack stack …`` as users type it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"
SERVER = str(EXAMPLES / "01-server-with-volume" / "template.yaml")

VALUES = """\
heat_template_version: 2021-04-16
parameters:
  word: {type: string, default: hello}
  secret: {type: string, hidden: true, default: hunter2}
resources:
  first: {type: OS::Heat::Value, properties: {value: {get_param: word}}}
  second: {type: OS::Heat::Value, properties: {value: {get_attr: [first, value]}}}
outputs:
  said: {value: {get_attr: [second, value]}, description: What was said.}
"""


@pytest.fixture
def values(tmp_path: Path) -> str:
    file = tmp_path / "values.yaml"
    file.write_text(VALUES)
    return str(file)


@pytest.fixture
def stack(service: Service, values: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A stack of values that is there."""
    name = request.node.name.split("[")[0].replace("_", "-")
    service.create_stack(values, name)
    yield name
    service.delete_stack(name)


def test_show_and_lists(service: Service, stack: str) -> None:
    shown = service.read("stack", "show", stack)
    assert shown["stack_status"] == "CREATE_COMPLETE"
    assert shown["parameters"]["word"] == "hello"
    assert shown["parameters"]["secret"] == "******"
    assert stack in [each["Stack Name"] for each in service.read("stack", "list")]
    resources = service.read("stack", "resource", "list", stack)
    assert {each["resource_name"]: each["resource_status"] for each in resources} == {
        "first": "CREATE_COMPLETE",
        "second": "CREATE_COMPLETE",
    }
    outputs = service.read("stack", "output", "list", stack)
    assert [each["output_key"] for each in outputs] == ["said"]
    events = service.read("stack", "event", "list", stack)
    assert events[0]["resource_status"] == "CREATE_IN_PROGRESS"
    assert events[-1]["resource_status_reason"] == "Stack CREATE completed successfully"


def test_update_changes_what_changed(service: Service, stack: str, values: str) -> None:
    service.openstack("stack", "update", "-t", values, "--parameter", "word=bye", "--wait", stack)
    assert service.read("stack", "show", stack)["stack_status"] == "UPDATE_COMPLETE"
    assert service.read("stack", "output", "show", stack, "said")["output_value"] == "bye"


def test_events_can_be_followed_while_they_happen(service: Service, values: str) -> None:
    service.create_stack(values, "followed")
    follower = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("openstack")),
            "stack",
            "event",
            "list",
            "--follow",
            "followed",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=service.client_environment(),
    )
    try:
        assert follower.stdout is not None
        assert "CREATE_IN_PROGRESS" in follower.stdout.readline()
        service.openstack("stack", "update", "-t", values, "--parameter", "word=bye", "followed")
        for line in follower.stdout:
            if "Stack UPDATE completed successfully" in line:
                break
        else:
            pytest.fail("the update was never told of")
    finally:
        follower.kill()
        follower.communicate()
    service.delete_stack("followed")


def test_templates_are_validated(service: Service, values: str) -> None:
    found = service.read("orchestration", "template", "validate", "-t", values)
    assert set(found["Parameters"]) == {"word", "secret"}
    lesson = str(EXAMPLES / "02-first-lesson" / "template.yaml")
    said = service.refused("orchestration", "template", "validate", "-t", lesson)
    assert "resources.vol_attachment.properties.volume_id" in said
    assert "did you mean 'my_volume'?" in said


WITH_TESTS_OF_THEIR_OWN = {
    "07-nested-templates",
    "10-another-cloud",
    "12-plug-in",
    "13-autoscaling",
    # These wait for programs on servers that run: test_examples_on_servers.py.
    "14-software-on-servers",
    "15-rolling-software",
    "16-software-through-its-life",
    "17-cfn-init",
    "18-two-tiers",
    "19-ansible",
}
ALONE = {
    each
    for each in EXAMPLES.glob("*/*.yaml")
    if each.parent.name not in WITH_TESTS_OF_THEIR_OWN and each.name != "environment.yaml"
}


@pytest.mark.parametrize("template", sorted(ALONE), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_examples_run(service: Service, template: Path) -> None:
    name = f"example-{template.parent.name}-{template.stem}"
    if template == EXAMPLES / "02-first-lesson" / "template.yaml":
        said = service.refused("stack", "create", "-t", str(template), name)
        assert "did you mean 'my_volume'?" in said
        assert name not in service.openstack("stack", "list")
        return
    service.create_stack(str(template), name)
    resources = service.read("stack", "resource", "list", name)
    assert {each["resource_status"] for each in resources} == {"CREATE_COMPLETE"}
    service.delete_stack(name)
    project = service.project
    assert service.get("/compute/v2.1/servers")["servers"] == []
    assert service.get(f"/volume/v3/{project}/volumes")["volumes"] == []


def test_the_volume_is_where_the_template_says(service: Service) -> None:
    service.create_stack(SERVER, "attached")
    said = service.read("stack", "output", "show", "attached", "volume")
    volume = service.read("volume", "show", said["output_value"])
    assert volume["status"] == "in-use"
    assert [each["device"] for each in volume["attachments"]] == ["/dev/vdb"]
    service.openstack("stack", "update", "-t", SERVER, "--parameter", "volume_size=20", "attached")
    assert service.settle("attached") == "UPDATE_COMPLETE"
    grown = service.read("volume", "show", said["output_value"])
    assert (grown["size"], grown["status"]) == (20, "in-use")
    service.delete_stack("attached")


def test_other_projects_do_not_see_a_stack(service: Service, stack: str) -> None:
    """Whose users are no administrators."""
    stack_id, admin = service.read("stack", "show", stack)["id"], "isotherm-admin"
    service.openstack("project", "create", "elsewhere", cloud=admin)
    made = ("user", "create", "dora", "--password", "doras", "--project", "elsewhere")
    service.openstack(*made, cloud=admin)
    service.openstack(
        "role", "add", "--project", "elsewhere", "--user", "dora", "member", cloud=admin
    )
    dora = ("--os-username", "dora", "--os-password", "doras", "--os-project-name", "elsewhere")
    assert stack not in service.openstack(*dora, "stack", "list")
    assert "not found" in service.refused(*dora, "stack", "show", stack_id)
    assert "Unable to delete" in service.refused(*dora, "stack", "delete", "--yes", stack_id)
    assert service.read("stack", "show", stack)["stack_status"] == "CREATE_COMPLETE"


def test_watching_a_stack_that_is_not_there_says_so(service: Service) -> None:
    done = service.client("isotherm", "watch", "no-such-stack")
    assert done.returncode == 3
    assert "The Stack (no-such-stack) could not be found." in done.stderr


def test_an_update_is_planned_to_the_last_property(service: Service) -> None:
    service.create_stack(SERVER, "planned")
    done = service.client("isotherm", "plan", "--stack", "planned", SERVER)
    assert (done.returncode, done.stdout) == (0, "nothing to change\n")
    done = service.client(
        *("isotherm", "plan", "--stack", "planned", SERVER, "--parameter", "volume_size=20")
    )
    assert done.returncode == 2
    assert "~ volume (OS::Cinder::Volume)\n      size: 10 → 20\n" in done.stdout
    assert done.stdout.endswith("\n1 to update\n")
    service.delete_stack("planned")


def test_an_administrator_sees_the_engines(service: Service) -> None:
    listed = service.read("orchestration", "service", "list", cloud="isotherm-admin")
    assert [(each["Binary"], each["Topic"], each["Status"]) for each in listed] == [
        ("heat-engine", "engine", "up")
    ]
    assert "not authorized" in service.refused("orchestration", "service", "list")
