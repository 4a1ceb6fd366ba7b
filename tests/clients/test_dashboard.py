"""Horizon's pages for stacks, unmodified: the life of a stack as somebody clicks through it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.clients.dashboard import Dashboard, running_dashboard
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]

TEMPLATE = """\
heat_template_version: 2021-04-16
parameters:
  image: {type: string, constraints: [{custom_constraint: glance.image}]}
  size: {type: number, default: 1, constraints: [{range: {min: 1, max: 5}}]}
  words: {type: comma_delimited_list, default: "some,words"}
  quickly: {type: boolean, default: true}
  password: {type: string, hidden: true}
resources:
  volume: {type: OS::Cinder::Volume, properties: {size: {get_param: size}}}
  names:
    type: OS::Heat::ResourceGroup
    properties: {count: COUNT, resource_def: {type: OS::Heat::RandomString}}
outputs:
  image: {value: {get_param: image}, description: What was chosen.}
  count: {value: {get_attr: [names, refs]}}
"""
STACKS = "/project/stacks"


@pytest.fixture(scope="module")
def dashboard(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    with running_dashboard(service, tmp_path_factory.mktemp("dashboard")) as running:
        running.log_in(service)
        yield running


def documents(count: int) -> dict[str, str]:
    return {
        "template_source": "raw",
        "template_data": TEMPLATE.replace("COUNT", str(count)),
        "environment_source": "raw",
        "environment_data": "",
    }


def settle(service: Service, dashboard: Dashboard, stack_id: str) -> str:
    service.settle(stack_id)
    return dashboard.row(stack_id)


def test_a_stack_is_made_looked_at_changed_and_removed(
    service: Service, dashboard: Dashboard
) -> None:
    form = dashboard.submit(f"{STACKS}/select_template", **documents(1))
    (image,) = form.choices("__param_image").values()
    asked = {
        "parameters": form.field("parameters"),
        "template_data": documents(1)["template_data"],
        "environment_data": "",
        "stack_name": "clicked",
        "timeout_mins": "60",
        "password": "of the user",
        "__param_image": image,
        "__param_size": "2",
        "__param_words": "other,words",
        "__param_quickly": "on",
        "__param_password": "swordfish",
    }
    listed = dashboard.submit(f"{STACKS}/launch", **asked)
    found = re.search(rf"{STACKS}/stack/([0-9a-f-]{{36}})/", listed.source)
    assert found is not None, listed.text
    stack_id = found[1]
    assert "Create Complete" in settle(service, dashboard, stack_id)

    stack = f"{STACKS}/stack/{stack_id}/"
    topology = dashboard.page(f"{STACKS}/get_d3_data/{stack_id}/").data()
    states = {each["name"]: each["status"] for each in topology["nodes"]}
    assert states == {"volume": "CREATE_COMPLETE", "names": "CREATE_COMPLETE"}
    overview = dashboard.page(stack, tab="stack_details__overview").text
    assert "What was chosen." in overview
    assert image in overview
    assert "other" in overview
    assert "swordfish" not in overview
    assert "OS::Cinder::Volume" in dashboard.page(stack, tab="stack_details__resources").text
    assert "state changed" in dashboard.page(stack, tab="stack_details__events").text
    assert "resource_def" in dashboard.page(stack, tab="stack_details__stack_template").text
    assert "OS::Cinder::Volume" in dashboard.page(f"{stack}volume/").text

    named = {"stack_id": stack_id, "stack_name": "clicked"}
    form = dashboard.submit(f"{STACKS}/{stack_id}/change_template", **named, **documents(2))
    changed = {**asked, **named, "template_data": documents(2)["template_data"]}
    changed["parameters"] = form.field("parameters")
    dashboard.submit(f"{STACKS}/{stack_id}/edit_stack", **changed)
    assert "Update Complete" in settle(service, dashboard, stack_id)
    for action in ("check", "suspend", "resume"):
        dashboard.submit(f"{STACKS}/", action=f"stacks__{action}__{stack_id}")
        assert f"{action.title()} Complete" in settle(service, dashboard, stack_id)
    dashboard.submit(f"{STACKS}/", action=f"stacks__delete__{stack_id}")
    service.settle(stack_id)
    assert stack_id not in dashboard.page(f"{STACKS}/").source


def test_a_stack_is_previewed(dashboard: Dashboard) -> None:
    plain = """\
heat_template_version: 2021-04-16
resources: {port: {type: OS::Neutron::Port, properties: {network: private}}}
"""
    shown = {**documents(1), "template_data": plain}
    form = dashboard.submit(f"{STACKS}/preview_template", **shown)
    asked = {**shown, "stack_name": "seen", "timeout_mins": "60", "password": "of the user"}
    asked["parameters"] = form.field("parameters")
    page = dashboard.submit(f"{STACKS}/preview", **asked).text
    assert "OS::Neutron::Port" in page
    assert "seen" in page


def test_mistakes_are_told_on_the_page(dashboard: Dashboard) -> None:
    wrong = {**documents(1), "template_data": TEMPLATE.replace("Cinder::Volume", "Cinder::Volum")}
    told = dashboard.submit(f"{STACKS}/select_template", **wrong).text
    assert "The Resource Type (OS::Cinder::Volum) could not be found" in told


def test_types_and_versions_are_shown(dashboard: Dashboard) -> None:
    assert "OS::Nova::Server" in dashboard.page("/project/resource_types/").source
    shown = dashboard.page("/project/resource_types/OS::Cinder::Volume/").text
    assert "read_only" in shown
    versions = dashboard.page("/project/template_versions/").source
    assert "heat_template_version.2021-04-16" in versions
    path = "/project/template_versions/heat_template_version.2021-04-16/"
    assert "get_attr" in dashboard.page(path).text
    offered = dashboard.page("/project/template_generator/get_resource_options").data()
    assert [each["name"] for each in offered["images"]] == ["cirros"]
