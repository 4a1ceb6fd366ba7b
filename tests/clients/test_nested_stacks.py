"""Templates as resources, by the real client: example 07 as its page tells it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("nested stacks")]

FOLDER = Path(__file__).parents[2] / "examples" / "07-nested-templates"
FILES = ("-t", str(FOLDER / "template.yaml"), "-e", str(FOLDER / "environment.yaml"))


@pytest.fixture(scope="module")
def web(service: Service) -> Iterator[str]:
    service.openstack("stack", "create", *FILES, "--wait", "nested-web")
    yield "nested-web"
    service.delete_stack("nested-web")
    names = [each["Stack Name"] for each in service.read("stack", "list", "--nested")]
    assert not [name for name in names if name.startswith("nested-web")]


def test_each_template_is_a_stack_with_the_outer_one_as_parent(service: Service, web: str) -> None:
    outer = service.read("stack", "show", web)
    stacks = service.read("stack", "list", "--nested")
    children = [each for each in stacks if each["Parent"] == outer["id"]]
    assert {each["Stack Name"].rsplit("-", 1)[0] for each in children} == {
        f"{web}-blue",
        f"{web}-green",
    }
    assert {each["Stack Status"] for each in children} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def test_resources_are_listed_to_the_depth_asked_for(service: Service, web: str) -> None:
    flat = service.read("stack", "resource", "list", web)
    assert {each["resource_name"]: each["resource_type"].split("/")[-1] for each in flat} == {
        "blue": "server-with-volume.yaml",
        "green": "My::Server",
    }
    deep = service.read("stack", "resource", "list", "--nested-depth", "1", web)
    assert sorted(each["resource_name"] for each in deep) == sorted(
        ["blue", "green", *2 * ["server", "volume", "attachment"]]
    )


def test_outputs_come_from_inside(service: Service, web: str) -> None:
    addresses = service.read("stack", "output", "show", web, "addresses")["output_value"]
    servers = {each["Name"]: each["Networks"] for each in service.read("server", "list")}
    assert addresses["blue"] in str(servers["blue"])
    assert addresses["green"] in str(servers["green"])
    volume = service.read("stack", "output", "show", web, "blue_volume")["output_value"]
    assert volume in [each["ID"] for each in service.read("volume", "list")]


def test_a_dry_run_shows_what_an_update_would_do_inside(service: Service, web: str) -> None:
    before = service.read("stack", "show", web)
    asked = ("stack", "update", *FILES, "--parameter", "size=3", "--dry-run")
    flat = service.read(*asked, web)
    assert set(flat) == {"added", "deleted", "replaced", "unchanged", "updated"}
    assert {each["resource_name"] for each in flat["updated"]} == {"blue", "green"}
    deep = service.read(*asked, "--show-nested", web)
    shown = {(each.get("parent_resource"), each["resource_name"]) for each in deep["updated"]}
    assert {("blue", "volume"), ("green", "volume")} <= shown
    assert service.read("stack", "show", web)["updated_time"] == before["updated_time"]


def test_a_changed_property_reaches_what_is_inside(service: Service, web: str) -> None:
    before = {each["ID"] for each in service.read("server", "list")}
    service.openstack("stack", "update", *FILES, "--parameter", "size=2", "--wait", web)
    volumes = service.read("volume", "list")
    assert [each["Size"] for each in volumes if each["Name"].startswith(web)] == [2, 2]
    assert {each["ID"] for each in service.read("server", "list")} == before


def test_events_tell_of_all_levels(service: Service, web: str) -> None:
    told = service.read("stack", "event", "list", "--nested-depth", "1", web)
    names = {each["resource_name"] for each in told}
    assert {web, "blue", "green", "server", "attachment"} <= names
