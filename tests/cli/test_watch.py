"""``isotherm watch``: what it tells in the end, and how it ends."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from isotherm.cli import watch as module
from isotherm.cli.account import Exit, account, is_away, run_or_exit
from isotherm.cli.stack_view import StackView
from isotherm.cli.watch import _ending, _follow
from isotherm.cloud import SettingsError
from isotherm.core.errors import Busy, Conflict, Denied, Gone, Lost, RemoteError
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.connection import Connection, Reply, Request

RESOURCE = {
    "resource_name": "a",
    "resource_type": "OS::Heat::Value",
    "resource_status": "CREATE_FAILED",
    "resource_status_reason": "ValueError: resources.a: no",
}


class Script(Connection):
    """Answers look after look; an error is raised."""

    def __init__(self, *looks: str | RemoteError) -> None:
        self._looks = list(looks)

    async def send(self, request: Request) -> Reply:
        if "/resources" in request.path:
            return Reply({"resources": [RESOURCE]})
        look = self._looks.pop(0)
        if isinstance(look, RemoteError):
            raise look
        stack = {"stack_name": "web", "id": "1", "stack_status": look, "stack_status_reason": "why"}
        return Reply({"stack": stack})


def a_view() -> tuple[StackView, io.StringIO]:
    screen = io.StringIO()
    return StackView("web", Console(file=screen, width=100), lambda: 0.0), screen


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_EVERY", 0)
    monkeypatch.setattr(module, "_LOOK_AGAIN", 0)


async def test_a_service_that_is_away_for_a_while_is_waited_for() -> None:
    view, screen = a_view()
    away = (Lost("the connection broke"), Busy("cannot be reached"))
    await _follow(CloudApi(Script("CREATE_IN_PROGRESS", *away, "CREATE_COMPLETE")), view)
    assert view.status == "CREATE_COMPLETE"
    assert "the connection broke; trying again" in screen.getvalue()


@pytest.mark.parametrize("error", [Denied("no"), Gone("no such stack")])
async def test_what_waiting_does_not_mend_ends_it(error: RemoteError) -> None:
    view, _ = a_view()
    if isinstance(error, Gone):
        with pytest.raises(Gone):
            await _follow(CloudApi(Script(error)), view)
        return
    with pytest.raises(Denied):
        await _follow(CloudApi(Script("CREATE_IN_PROGRESS", error)), view)


async def test_a_stack_that_is_gone_was_deleted() -> None:
    view, _ = a_view()
    await _follow(CloudApi(Script("DELETE_IN_PROGRESS", Gone("no such stack"))), view)
    assert view.status == "DELETE_COMPLETE"


async def test_the_end_tells_reasons_and_outputs() -> None:
    view, _ = a_view()
    await _follow(CloudApi(Script("CREATE_FAILED")), view)
    outputs: list[dict[str, Any]] = [
        {"output_key": "o", "output_value": [1, "two"]},
        {"output_key": "e", "output_value": None, "output_error": "not there"},
    ]
    assert list(_ending(view, outputs)) == [
        "\nweb is CREATE_FAILED: why",
        "  a: ValueError: resources.a: no",
        "\noutputs:",
        '  o: [1, "two"]',
        "  e: (error: not there)",
    ]


async def test_a_reason_is_told_once() -> None:
    view, _ = a_view()
    await _follow(CloudApi(Script("CREATE_FAILED")), view)
    view.reason = "Resource CREATE failed: ValueError: resources.a: no"
    assert list(_ending(view, [])) == [
        "\nweb is CREATE_FAILED:",
        "  a: ValueError: resources.a: no",
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Gone("x"), Exit.MISSING),
        (Lost("x"), Exit.UNREACHABLE),
        (Busy("x"), Exit.UNREACHABLE),
        (Denied("x"), Exit.FAILED),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (SettingsError("x"), Exit.FAILED),
    ],
)
def test_exit_codes(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("isotherm.cli.account.account", lambda *_: None)

    async def work(_: object) -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        run_or_exit(None, None, work)
    assert ended.value.code == code


def test_a_conflict_is_an_answer() -> None:
    assert not is_away(Conflict("x", status=409))


def test_the_account_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"AUTH_URL": "http://id/v3", "USERNAME": "u", "PASSWORD": "p", "REGION_NAME": "r"}
    for name, value in values.items():
        monkeypatch.setenv(f"OS_{name}", value)
    monkeypatch.delenv("OS_CLOUD", raising=False)
    with pytest.raises(SettingsError, match="OS_ variables are not enough: auth has no project"):
        account(None, None)
    monkeypatch.setenv("OS_PROJECT_NAME", "demo")
    found = account(None, None)
    assert (found.auth_url, found.username, found.project_name) == ("http://id/v3", "u", "demo")
    assert found.region == "r"
