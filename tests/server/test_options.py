"""Settings mean what they mean in a heat.conf, also where nobody writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from isotherm.server.adapters import ConfigurationError, open_fetcher
from isotherm.server.options import load_options

USUAL = {
    "action_retry_limit": 5,
    "client_retry_limit": 2,
    "hidden_stack_tags": [],
    "max_json_body_size": 1_048_576,
    "max_nested_stack_depth": 5,
    "max_resources_per_stack": 1000,
    "max_stacks_per_tenant": 512,
    "max_template_size": 524_288,
    "stack_action_timeout": 3600,
}


@pytest.mark.parametrize(("name", "value"), USUAL.items())
def test_limits_are_the_usual_ones(name: str, value: Any) -> None:
    assert load_options([])[name] == value


def test_later_files_win_and_options_of_others_are_left_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "1.conf", tmp_path / "2.conf"
    first.write_text("[DEFAULT]\nmax_template_size = 1\nmax_nested_stack_depth = 2\nother = x\n")
    second.write_text("[DEFAULT]\nmax_template_size = 3\nhidden_stack_tags = a,b\n")
    found = load_options([first, second])
    assert (found.max_template_size, found.max_nested_stack_depth) == (3, 2)
    assert found.hidden_stack_tags == ["a", "b"]


def test_places_to_fetch_from_that_mean_nothing_are_named(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text("[isotherm]\nfetch_from = templates.example.org, 10.0.0.0/99\n")
    with pytest.raises(ConfigurationError, match=r"fetch_from: 10.0.0.0/99 is neither"):
        open_fetcher(load_options([file]))
