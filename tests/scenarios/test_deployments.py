"""Software deployments: stacks that wait until servers have done what they were told."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.records import Operation
from isotherm.ports.software import ConfigQuery
from isotherm.resources.software.configs import SoftwareComponent, StructuredConfig
from isotherm.resources.software.configs import SoftwareConfig as ConfigOf
from isotherm.resources.software.deployment_type import SoftwareDeployment, StructuredDeployment
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.usecases.software import take_report

TYPES = (
    ConfigOf(),
    StructuredConfig(),
    SoftwareComponent(),
    SoftwareDeployment(),
    StructuredDeployment(),
)
SERVER = "a-server"


def template(config: dict[str, Any] | None = None, **deployment: Any) -> str:
    """``after`` is made when the server has reported."""
    properties = {
        "config": {"get_resource": "c"},
        "server": SERVER,
        "signal_transport": "HEAT_SIGNAL",
    }
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {
                "c": {
                    "type": "OS::Heat::SoftwareConfig",
                    "properties": {
                        "group": "script",
                        "config": "true",
                        "inputs": [{"name": "size", "default": "1"}],
                        "outputs": [{"name": "result"}, {"name": "error", "error_output": True}],
                        **(config or {}),
                    },
                },
                "d": {
                    "type": "OS::Heat::SoftwareDeployment",
                    "properties": properties | deployment,
                },
                "after": {"type": "Test::Thing", "depends_on": "d"},
            },
            "outputs": {
                "result": {"value": {"get_attr": ["d", "result"]}},
                "printed": {"value": {"get_attr": ["d", "deploy_stdout"]}},
            },
        }
    )


async def told(scene: Scene) -> list[tuple[Deployment, SoftwareConfig]]:
    """What the server finds in its metadata."""
    return list(await scene.store.software.configs_of_server(SERVER))


async def report(scene: Scene, stack_id: str, **outputs: Any) -> None:
    """What the agent of the server tells when it is done."""
    row = (await scene.rows(stack_id))["d"]
    details = await take_report(scene.store.software, row, outputs, scene.clock.now())
    await scene.signal(stack_id, "d", details)


async def deploying(scene: Scene, source: str) -> str:
    """A stack whose deployment waits for its server."""
    stack_id = await scene.create(source)
    await scene.clock.sleep(10)
    assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
    assert scene.world.made == 0
    return stack_id


async def deployed(scene: Scene, source: str) -> str:
    stack_id = await deploying(scene, source)
    await report(scene, stack_id, result="7", deploy_stdout="done", deploy_status_code=0)
    assert await ended(scene, stack_id) == (Action.CREATE, Status.COMPLETE)
    return stack_id


async def ended(scene: Scene, stack_id: str) -> tuple[Action, Status]:
    stack = await scene.settle(stack_id)
    return stack.action, stack.status


async def left(scene: Scene) -> int:
    """Records of software that are there."""
    return len(await scene.store.software.configs(ConfigQuery(project_id=None)))


def test_the_stack_goes_on_when_the_server_has_reported() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deploying(scene, template(input_values={"size": "3", "more": "x"}))
            ((_, config),) = await told(scene)
            inputs = {each["name"]: each["value"] for each in config.inputs}
            assert inputs["size"] == "3"
            assert inputs["more"] == "x"
            assert inputs["deploy_action"] == "CREATE"
            assert inputs["deploy_server_id"] == SERVER
            assert inputs["deploy_resource_name"] == "d"
            assert inputs["deploy_password"]
            await report(scene, stack_id, result="7", deploy_stdout="done", deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.CREATE, Status.COMPLETE)
            row = (await scene.rows(stack_id))["d"]
        assert scene.world.made == 1
        assert row.attributes["result"] == "7"
        assert row.attributes["deploy_stdout"] == "done"
        assert row.attributes["deploy_status_code"] == 0

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        (
            {"deploy_status_code": "3"},
            "deploy_status_code : Deployment exited with non-zero status code: 3",
        ),
        ({"deploy_status_code": 0, "error": "no disk"}, "error : no disk"),
        ({"deploy_status_code": 0, "error": ""}, "error : "),
    ],
)
def test_a_deployment_that_went_wrong_fails_the_stack(outputs: dict[str, Any], reason: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deploying(scene, template())
            await report(scene, stack_id, **outputs)
            assert await ended(scene, stack_id) == (Action.CREATE, Status.FAILED)
        stack = await scene.stack(stack_id)
        assert f"Error: resources.d: Deployment to server failed: {reason}" in stack.status_reason
        assert len(await told(scene)) == 1, "a failed deployment is not tried again by itself"

    play(scenario, types=TYPES)


def test_the_report_is_an_event_of_what_waits_for_it() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deploying(scene, template())
            await report(scene, stack_id, deploy_status_code=3)
            await scene.settle(stack_id)
            row = (await scene.rows(stack_id))["d"]
            (told,) = [e for e in await scene.events(stack_id) if e.action is Action.SIGNAL]
        assert told.status is Status.IN_PROGRESS
        assert told.status_reason == f"Signal: deployment {row.physical_id} failed (3)"

    play(scenario, types=TYPES)


def reading(output: str) -> str:
    """A stack in which a resource reads an output of the deployment."""
    written = json.loads(template(signal_transport="NO_SIGNAL"))
    written["resources"]["after"]["properties"] = {"uses": {"get_attr": ["d", output]}}
    return json.dumps(written)


def test_an_output_that_nobody_declares_cannot_be_read() -> None:
    why = "The Referenced Attribute (d nope) is incorrect."

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(reading("nope"))
            assert await ended(scene, stack_id) == (Action.CREATE, Status.FAILED)
            assert why in (await scene.stack(stack_id)).status_reason
            await scene.update(stack_id, reading("result"))
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
            await scene.update(stack_id, reading("nope"))
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.FAILED)
            assert why in (await scene.stack(stack_id)).status_reason

    play(scenario, types=TYPES)


def test_without_signals_nothing_is_waited_for() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(signal_transport="NO_SIGNAL"))
            assert await ended(scene, stack_id) == (Action.CREATE, Status.COMPLETE)
        ((deployment, _),) = await told(scene)
        assert deployment.status == "COMPLETE"

    play(scenario, types=TYPES)


def test_an_update_tells_the_server_under_another_id_and_forgets_the_former() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deployed(scene, template())
            ((first, _),) = await told(scene)
            await scene.update(stack_id, template(input_values={"size": "2"}))
            await scene.clock.sleep(10)
            ((second, config),) = await told(scene)
            assert second.id == first.id
            assert second.config_id != first.config_id
            assert {i["name"]: i["value"] for i in config.inputs}["deploy_action"] == "UPDATE"
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
        assert await left(scene) == 2
        assert await scene.store.software.config(first.config_id) is None

    play(scenario, types=TYPES)


def test_an_input_that_replaces_makes_another_deployment() -> None:
    config = {"inputs": [{"name": "size", "default": "1", "replace_on_change": True}]}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deployed(scene, template(config))
            ((first, _),) = await told(scene)
            await scene.update(stack_id, template(config, input_values={"size": "2"}))
            await scene.clock.sleep(10)
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
        ((second, _),) = await told(scene)
        assert second.id != first.id
        assert await left(scene) == 2

    play(scenario, types=TYPES)


def test_the_server_acts_in_the_actions_that_were_asked_for() -> None:
    source = template(actions=["SUSPEND", "DELETE"])

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(source)
            assert await ended(scene, stack_id) == (Action.CREATE, Status.COMPLETE)
            assert await told(scene) == []
            for operation, action in (
                (Operation.SUSPEND, Action.SUSPEND),
                (Operation.RESUME, Action.RESUME),
            ):
                await scene.start(stack_id, operation)
                await scene.clock.sleep(10)
                ((deployment, _),) = await told(scene)
                assert deployment.action == "SUSPEND"
                await report(scene, stack_id, deploy_status_code=0)
                assert await ended(scene, stack_id) == (action, Status.COMPLETE)
            await scene.delete(stack_id)
            await scene.clock.sleep(10)
            ((deployment, _),) = await told(scene)
            assert deployment.action == "DELETE"
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.DELETE, Status.COMPLETE)
        assert await told(scene) == []
        assert await left(scene) == 0

    play(scenario, types=TYPES)


def test_reports_that_nobody_waits_for_change_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deployed(scene, template())
            await report(scene, stack_id, result="8", deploy_status_code=1)
            await scene.clock.sleep(10)
        ((deployment, _),) = await told(scene)
        assert deployment.status == "COMPLETE"
        assert (deployment.output_values or {})["result"] == "7"
        assert (await scene.rows(stack_id))["d"].status is Status.COMPLETE

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", [Point.AFTER_INTENT, Point.AFTER_CALL, Point.BEFORE_OUTCOME])
def test_a_worker_that_dies_leaves_one_deployment(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker(KillAt(point, "d")):
            stack_id = await scene.create(template())
            await scene.clock.sleep(10)
            if point is Point.BEFORE_OUTCOME:
                await report(scene, stack_id, deploy_status_code=0)
            await scene.clock.sleep(100)
        async with scene.worker():
            await scene.clock.sleep(200)
            assert len(await told(scene)) == 1
            assert await left(scene) == 2
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.CREATE, Status.COMPLETE)
            await scene.delete(stack_id)
            assert await ended(scene, stack_id) == (Action.DELETE, Status.COMPLETE)
        assert await left(scene) == 0

    play(scenario, types=TYPES)


def test_a_deleted_stack_leaves_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deploying(scene, template())
            await scene.delete(stack_id)
            assert await ended(scene, stack_id) == (Action.DELETE, Status.COMPLETE)
        assert await told(scene) == []
        assert await left(scene) == 0

    play(scenario, types=TYPES)


@pytest.mark.parametrize("actions", [["CREATE"], ["CREATE", "DELETE"]])
def test_a_removed_config_does_not_leave_its_deployment_behind(actions: list[str]) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deployed(scene, template(actions=actions))
            config_id = (await scene.rows(stack_id))["c"].physical_id or ""
            assert await scene.store.software.remove_config(config_id)
            await scene.delete(stack_id)
            assert await ended(scene, stack_id) == (Action.DELETE, Status.COMPLETE)
        assert await told(scene) == []
        assert await left(scene) == 0

    play(scenario, types=TYPES)


def test_a_late_report_on_a_former_version_is_not_taken_for_one_on_this() -> None:
    """By a signed address, which says what it is about."""

    async def scenario(scene: Scene) -> None:
        def address(config: SoftwareConfig) -> str:
            told_so = {str(each["name"]): each["value"] for each in config.inputs}
            return str(told_so["deploy_signal_id"])

        async def come(config: SoftwareConfig, **outputs: Any) -> None:
            row = (await scene.rows(stack_id))["d"]
            about = parse_qs(urlsplit(address(config)).query)["About"][0]
            store = scene.store.software
            details = await take_report(store, row, outputs, scene.clock.now(), about=about)
            await scene.signal(stack_id, "d", details)

        async with scene.worker():
            stack_id = await deploying(scene, template(signal_transport="CFN_SIGNAL"))
            ((_, first),) = await told(scene)
            await come(first, result="1")
            await ended(scene, stack_id)
            changed = template(signal_transport="CFN_SIGNAL", input_values={"size": "2"})
            await scene.update(stack_id, changed)
            await scene.clock.sleep(5)
            await come(first, result="late")
            await scene.clock.sleep(30)
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            ((_, second),) = await told(scene)
            await come(second, result="2")
            await come(second, result="twice")
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
            ((deployment, _),) = await told(scene)
        assert (deployment.output_values or {})["result"] == "2"

    play(scenario, types=TYPES)


def test_a_report_that_comes_before_the_deployment_is_recorded_counts() -> None:
    """A quick server, and a worker that dies between telling it and noting so."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker(KillAt(Point.AFTER_CALL, "d")):
            stack_id = await scene.create(template())
            await scene.clock.sleep(10)
        await report(scene, stack_id, result="7", deploy_status_code=0)
        async with scene.worker():
            assert await ended(scene, stack_id) == (Action.CREATE, Status.COMPLETE)
            ((deployment, _),) = await told(scene)
        assert (deployment.output_values or {})["result"] == "7"

    play(scenario, types=TYPES)


def test_a_report_on_a_deployment_that_is_gone_changes_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await deploying(scene, template())
            row = (await scene.rows(stack_id))["d"]
            await scene.delete(stack_id)
            assert await ended(scene, stack_id) == (Action.DELETE, Status.COMPLETE)
        late = await take_report(scene.store.software, row, {"result": "7"}, scene.clock.now())
        assert late is None
        assert await left(scene) == 0

    play(scenario, types=TYPES)


def test_a_deployment_that_is_never_reported_is_told_anew_by_the_next_update() -> None:
    """Agents note what they do before they do it: one that dies in the middle leaves it so."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(), timeout_mins=1)
            assert await ended(scene, stack_id) == (Action.CREATE, Status.FAILED)
            ((_, given),) = await told(scene)
            await scene.update(stack_id, template())
            await scene.clock.sleep(30)
            ((_, anew),) = await told(scene)
            assert anew.id != given.id
            await report(scene, stack_id, result="8")
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)

    play(scenario, types=TYPES)


@pytest.mark.parametrize("begun", ["CREATE", "UPDATE"])
def test_what_a_newer_template_says_does_not_wait_for_a_report_that_may_never_come(
    begun: str,
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun_by(scene, begun, template(input_values={"size": "2"}))
            ((_, given),) = await told(scene)
            await scene.update(stack_id, template(input_values={"size": "3"}))
            await scene.clock.sleep(10)
            ((_, anew),) = await told(scene)
            assert anew.id != given.id
            assert {i["name"]: i["value"] for i in anew.inputs}["size"] == "3"
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
        assert await left(scene) == 2

    play(scenario, types=TYPES)


@pytest.mark.parametrize("begun", ["CREATE", "UPDATE"])
def test_an_update_that_leaves_a_deployment_as_it_is_does_not_have_it_done_twice(
    begun: str,
) -> None:
    """The server may be busy with it: it is waited for."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun_by(scene, begun, template(input_values={"size": "2"}))
            ((_, given),) = await told(scene)
            await scene.update(stack_id, template(input_values={"size": "2"}))
            await scene.clock.sleep(10)
            ((_, same),) = await told(scene)
            assert same.id == given.id
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)

    play(scenario, types=TYPES)


@pytest.mark.parametrize("action", ["CREATE", "UPDATE", "SUSPEND", "RESUME", "DELETE"])
def test_a_retry_of_one_deployment_has_the_server_do_it_anew(action: str) -> None:
    """Under another id: by it agents know what they have done."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun_by(scene, action, template(actions=[action]))
            ((_, given),) = await told(scene)
            await scene.order(stack_id, "d", "retry")
            await scene.clock.sleep(10)
            ((deployment, anew),) = await told(scene)
            assert deployment.action == action
            assert anew.id != given.id
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action[action], Status.COMPLETE)

    play(scenario, types=TYPES)


@pytest.mark.parametrize("operation", [Operation.SUSPEND, Operation.RESUME])
def test_an_action_whose_report_never_came_tells_the_server_anew_when_it_is_repeated(
    operation: Operation,
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            source = template(actions=[operation.name])
            stack_id = await begun_by(scene, operation.name, source, timeout_mins=1)
            ((_, given),) = await told(scene)
            assert await ended(scene, stack_id) == (Action[operation.name], Status.FAILED)
            await scene.start(stack_id, operation)
            await scene.clock.sleep(10)
            ((_, anew),) = await told(scene)
            assert anew.id != given.id
            await report(scene, stack_id, deploy_status_code=0)
            assert await ended(scene, stack_id) == (Action[operation.name], Status.COMPLETE)

    play(scenario, types=TYPES)


async def begun_by(scene: Scene, action: str, source: str, **stack: Any) -> str:
    """A stack in whose action the server was told what to do, and has not reported."""
    first = json.loads(source)
    if action == "UPDATE":
        first["resources"]["d"]["properties"]["input_values"] = {"size": "first"}
    stack_id = await scene.create(json.dumps(first), **stack)
    await scene.clock.sleep(10)
    if action != "CREATE":
        await finish(scene, stack_id)
    if action == "RESUME":
        await scene.start(stack_id, Operation.SUSPEND)
        await finish(scene, stack_id)
    match action:
        case "UPDATE":
            await scene.update(stack_id, source)
        case "SUSPEND" | "RESUME":
            await scene.start(stack_id, Operation[action])
        case "DELETE":
            await scene.delete(stack_id)
    await scene.clock.sleep(10)
    assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
    return stack_id


async def finish(scene: Scene, stack_id: str) -> None:
    """Report where a report is waited for."""
    await scene.clock.sleep(10)
    if (await scene.stack(stack_id)).status is Status.IN_PROGRESS:
        await report(scene, stack_id, deploy_status_code=0)
    await ended(scene, stack_id)


def test_an_input_that_structured_content_needs_has_a_value_where_that_is_asked_for() -> None:
    async def scenario(scene: Scene) -> None:
        source = json.loads(template(input_values_validate="STRICT"))
        resources = source["resources"]
        resources["c"] = {
            "type": "OS::Heat::StructuredConfig",
            "properties": {"config": {"port": {"get_input": "port"}}},
        }
        resources["d"]["type"] = "OS::Heat::StructuredDeployment"
        del source["outputs"]
        async with scene.worker():
            stack_id = await scene.create(json.dumps(source))
            assert await ended(scene, stack_id) == (Action.CREATE, Status.FAILED)
        reason = (await scene.stack(stack_id)).status_reason
        assert "UserParameterMissing: resources.d: Input port has no value." in reason

    play(scenario, types=TYPES)
