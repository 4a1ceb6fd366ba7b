"""What holds for all stacks of a service."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.desk import Desk

from isotherm.core.states import Status
from isotherm.kit.plugins import load_registry
from isotherm.server.errors import ConfigurationError
from isotherm.server.operator_environment import operator_environment, with_operators_templates
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage
from isotherm.usecases.resource_types import TypeListRequest, list_types, show_type


def test_former_names_of_types_mean_their_successors(tmp_path: Path) -> None:
    registry = operator_environment(str(tmp_path / "none"), load_registry()).registry
    assert registry.resolve("OS::Quantum::Net") == "OS::Neutron::Net"


def test_files_of_the_folder_lie_on_top(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("resource_registry: {My::A: 'OS::Heat::None'}")
    (tmp_path / "2.yaml").write_text(
        "resource_registry: {My::A: 'OS::Heat::Value', 'OS::Quantum*': ''}\n"
        "parameter_defaults: {a: b}\n"
    )
    environment = operator_environment(str(tmp_path), load_registry())
    assert environment.registry.resolve("My::A") == "OS::Heat::Value"
    assert environment.registry.resolve("OS::Quantum::Net") == "OS::Quantum::Net"
    assert environment.parameter_defaults == {"a": "b"}


def test_a_file_that_is_no_environment_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("params: {}")
    with pytest.raises(ConfigurationError, match=r"bad\.yaml.*did you mean"):
        operator_environment(str(tmp_path), load_registry())


DATABASE = """\
heat_template_version: 2018-08-31
description: A database as this cloud has them
parameters: { DBName: { type: string } }
resources:
  disk:
    type: OS::Cinder::Volume
    properties: { name: { get_param: DBName }, size: 1 }
outputs: { Endpoint.Address: { value: { get_resource: disk } } }
"""
STACK = """\
heat_template_version: 2018-08-31
resources: { db: { type: AWS::RDS::DBInstance, properties: { DBName: shop } } }
"""


def laid_out(folder: Path, name: str, place: str, text: str = DATABASE) -> str:
    """A folder of environments, one of which says that a template stands for a type."""
    for each in ("templates", "environment.d"):
        (folder / each).mkdir()
    (folder / "templates" / "db.yaml").write_text(text)
    mapping = f"resource_registry: {{ '{name}': '{place.format(folder)}' }}"
    (folder / "environment.d" / "1.yaml").write_text(mapping)
    return str(folder / "environment.d")


@pytest.mark.parametrize("place", ["file://{0}/templates/db.yaml", "../templates/db.yaml"])
def test_a_template_of_the_operators_stands_for_a_type(tmp_path: Path, place: str) -> None:
    folder = laid_out(tmp_path, "AWS::RDS::DBInstance", place)
    environment = operator_environment(folder, load_registry())
    types = with_operators_templates(load_registry(), environment, folder)

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        stage.types, stage.environment = types, environment
        async with stage.worker():
            stack_id = await stage.create(STACK)
            stack = await stage.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert [each["name"] for each in world.objects()["block-storage.volume"]] == ["shop"]
            await stage.delete(stack_id)
            await stage.settle(stack_id)
            assert world.objects() == {}

    play_on_local_cloud(scenario)


async def test_types_from_templates_are_listed_by_their_names(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, "My::Database", "../templates/db.yaml")
    environment = operator_environment(folder, load_registry())
    types = with_operators_templates(load_registry(), environment, folder)
    desk = Desk()
    services = dataclasses.replace(desk.services, registry=types, environment=environment)
    listed = [each.name for each in await list_types(services, desk.caller, TypeListRequest())]
    assert "My::Database" in listed
    assert not [name for name in listed if name.endswith(".yaml")]
    shown = await show_type(services, desk.caller, "My::Database")
    assert list(shown["properties"]) == ["DBName"]


@pytest.mark.parametrize("file", ["no-template.yaml", "nothing.yaml"])
def test_a_template_that_is_none_is_named(tmp_path: Path, file: str) -> None:
    folder = laid_out(tmp_path, "My::Database", f"../templates/{file}")
    (tmp_path / "templates" / "no-template.yaml").write_text("heat_template_version: 1\n")
    environment = operator_environment(folder, load_registry())
    with pytest.raises(ConfigurationError, match=file):
        with_operators_templates(load_registry(), environment, folder)
