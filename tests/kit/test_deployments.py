"""Deployments: what clients see of them, and what a server's report makes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from isotherm.core.values import Secret
from isotherm.kit.deployments import (
    concluded,
    conclusion,
    described_config,
    described_deployment,
)
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.testing.virtual_time import EPOCH

CONFIG = SoftwareConfig(
    id="c",
    project_id="p",
    name="web",
    group="script",
    config="#!/bin/sh",
    inputs=[{"name": "port", "type": "Number"}],
    outputs=[{"name": "url"}, {"name": "trouble", "error_output": True}],
    options={"quick": True},
    created_at=EPOCH,
)
DEPLOYMENT = Deployment(
    id="d",
    project_id="p",
    server_id="s",
    config_id="c",
    action="CREATE",
    status="IN_PROGRESS",
    input_values={"port": 80},
    created_at=EPOCH,
)
EXITED = "deploy_status_code : Deployment exited with non-zero status code:"
LATER = EPOCH + timedelta(minutes=1)


def told(**report: Any) -> Deployment:
    return concluded(DEPLOYMENT, CONFIG, report, LATER)


def test_lists_show_less_of_a_configuration_than_it_has() -> None:
    short = described_config(CONFIG, whole=False)
    assert short == {
        "id": "c",
        "name": "web",
        "group": "script",
        "creation_time": "2026-01-01T00:00:00Z",
    }
    assert described_config(CONFIG) == {
        **short,
        "config": "#!/bin/sh",
        "inputs": [{"name": "port", "type": "Number"}],
        "outputs": [{"name": "url"}, {"name": "trouble", "error_output": True}],
        "options": {"quick": True},
    }


def test_a_deployment_that_nobody_told_of_shows_no_time_of_it() -> None:
    shown = described_deployment(DEPLOYMENT)
    assert (shown["status"], shown["status_reason"]) == ("IN_PROGRESS", "None")
    assert (shown["input_values"], shown["output_values"]) == ({"port": 80}, None)
    assert "updated_time" not in shown
    assert described_deployment(told())["updated_time"] == "2026-01-01T00:01:00Z"


def test_outputs_that_are_declared_are_kept_and_no_others() -> None:
    deployment = told(url="http://web", other="x", deploy_stdout="made", deploy_status_code=0)
    assert (deployment.status, deployment.status_reason) == ("COMPLETE", "Outputs received")
    assert deployment.output_values == {
        "url": "http://web",
        "deploy_stdout": "made",
        "deploy_stderr": None,
        "deploy_status_code": 0,
    }


@pytest.mark.parametrize("code", [None, 0, "0", "", False])
def test_codes_that_are_no_failure(code: Any) -> None:
    assert told(deploy_status_code=code).status == "COMPLETE"


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ({"deploy_status_code": "3"}, f"{EXITED} 3"),
        ({"deploy_status_code": True}, f"{EXITED} True"),
        ({"deploy_status_code": " 0 "}, f"{EXITED}  0 "),
        ({"trouble": Secret("no disk")}, "trouble : no disk"),
        (
            {"deploy_status_code": 1, "trouble": "no disk"},
            f"{EXITED} 1, trouble : no disk",
        ),
    ],
)
def test_a_code_or_an_error_output_makes_it_fail(report: dict[str, Any], reason: str) -> None:
    deployment = told(**report)
    assert (deployment.status, deployment.status_reason) == ("FAILED", reason)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({"deploy_status_code": 0}, "succeeded"),
        ({"deploy_status_code": 3}, "failed (3)"),
        ({"trouble": ""}, "failed"),
        ({"deploy_status_code": 3, "trouble": "no disk"}, "failed"),
    ],
)
def test_events_say_how_it_went_and_with_which_code(report: dict[str, Any], said: str) -> None:
    assert conclusion(told(**report)) == f"Signal: deployment d {said}"


def test_one_that_users_have_written_themselves_is_concluded_all_the_same() -> None:
    written = replace(told(), output_values=["x"], status_reason="by hand")
    assert conclusion(written) == "Signal: deployment d succeeded"
