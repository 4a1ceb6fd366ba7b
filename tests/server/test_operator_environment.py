"""What holds for all stacks of a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from isotherm.kit.plugins import load_registry
from isotherm.server.errors import ConfigurationError
from isotherm.server.operator_environment import operator_environment


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
