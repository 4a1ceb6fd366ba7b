"""``isotherm demo``: the example stack from nothing to nothing, with the real clients."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console
from rich.panel import Panel

from isotherm.cli.examples import example
from isotherm.cli.watch import watch_stack
from isotherm.cloud import Settings

STACK = "demo"

_CONFIG = """\
[localcloud]
# A real cloud takes its time; without these seconds there would be nothing to see.
timings = compute.server.create:3.0,compute.server.delete:1.5,block-storage.volume.create:1.5
"""


class DemoFailed(Exception):
    """A command of the demo did not do what it should; the text is its output."""


@click.command()
def demo() -> None:
    """Start the service in a temporary folder, run the example stack, clean up.

    Needs the openstack command (python-openstackclient, python-heatclient) beside this
    one or on the path.
    """
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="isotherm-demo-") as folder:
        try:
            asyncio.run(_until_stopped(_Demo(console, Path(folder)).run()))
        except DemoFailed as failure:
            raise click.ClickException(str(failure)) from None


async def _until_stopped(demo: Coroutine[Any, Any, None]) -> None:
    """Let a SIGTERM end it as Ctrl-C does: without leaving a service or a folder behind."""
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await demo
    except asyncio.CancelledError:
        raise DemoFailed("stopped") from None


@dataclass
class _Demo:
    console: Console
    folder: Path

    async def run(self) -> None:
        begun = time.monotonic()
        _client()  # without it there is nothing to start for
        self._say("Starting the service with its built-in local cloud")
        async with self._service() as url:
            self._note(f"{url}, state in {self.folder}")
            await self._create()
            await self._show()
            await self._delete()
        self._say(f"Done in {time.monotonic() - begun:.0f} s")

    async def _create(self) -> None:
        template = example("01-server-with-volume") / "template.yaml"
        self._say("Creating a server, a volume, and the attachment of the one to the other")
        command = ("stack", "create", "-t", str(template), STACK, "-f", "value", "-c", "id")
        await self._operate("CREATE", *command)

    async def _show(self) -> None:
        self._say("The stack's resources and outputs")
        columns = ["resource_name", "resource_status", "physical_resource_id"]
        chosen = [word for column in columns for word in ("-c", column)]
        await self._openstack("stack", "resource", "list", STACK, *chosen)
        outputs = await self._openstack("stack", "output", "show", STACK, "--all", "-f", "yaml")
        server, volume = _id_in(outputs, "server"), _id_in(outputs, "volume")
        self._say("The cloud agrees: where the volume is attached")
        columns = ["name", "status", "addresses", "volumes_attached"]
        shown = await self._show_columns("server", server, columns)
        self._require(volume in shown, "the server does not show its volume")
        columns = ["name", "status", "size", "attachments"]
        shown = await self._show_columns("volume", volume, columns)
        self._require("/dev/vdb" in shown and server in shown, "the volume is not at /dev/vdb")
        self._note("The volume is attached to the server at /dev/vdb.")

    async def _show_columns(self, kind: str, name: str, columns: Sequence[str]) -> str:
        chosen = [word for column in columns for word in ("-c", column)]
        return await self._openstack(kind, "show", name, *chosen, "-f", "yaml")

    async def _delete(self) -> None:
        self._say("Deleting the stack")
        await self._operate("DELETE", "stack", "delete", "--yes", STACK)
        self._say("The cloud is empty again")
        for kind in ("server", "volume", "port"):
            extra = ["--device-owner", "compute:nova"] if kind == "port" else []
            left = await self._openstack(kind, "list", "-f", "value", "-c", "ID", *extra)
            self._require(not left.strip(), f"the {kind} {left} is left over")
            self._note(f"no {kind}")

    @contextlib.asynccontextmanager
    async def _service(self) -> AsyncIterator[str]:
        config = self.folder / "demo.conf"
        config.write_text(_CONFIG)
        command = [
            sys.executable,
            "-m",
            "isotherm.cli",
            "serve",
            "--state",
            str(self.folder / "state"),
            "--listen",
            "127.0.0.1:0",
            "--config",
            str(config),
            "--log-level",
            "warning",
        ]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        try:
            assert process.stdout is not None
            line = (await process.stdout.readline()).decode()
            self._require(line.startswith("ready: "), "the service did not start")
            yield line.removeprefix("ready: ").strip()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await process.wait()
        self._require(process.returncode == 0, f"the service ended with {process.returncode}")

    async def _operate(self, action: str, *command: str) -> None:
        """Let the client ask for an action, and watch it from its first moment."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._openstack(*command))
                group.create_task(self._watch(action))
        except* DemoFailed as failures:
            raise failures.exceptions[0] from None

    async def _watch(self, action: str) -> None:
        settings = Settings.from_clouds_yaml("isotherm", self._clouds)
        status = await watch_stack(settings, STACK, self.console, action)
        self._require(status == f"{action}_COMPLETE", f"the stack is {status}")

    async def _openstack(self, *arguments: str) -> str:
        """Run the real client as a process of its own; what it prints."""
        self._note(f"$ openstack {' '.join(arguments)}")
        environment = {
            **{k: v for k, v in os.environ.items() if k not in _DISTURBING},
            "OS_CLIENT_CONFIG_FILE": str(self._clouds),
            "OS_CLOUD": "isotherm",
        }
        process = await asyncio.create_subprocess_exec(
            _client(),
            *arguments,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        self._require(process.returncode == 0, f"openstack {arguments[0]}: {errors.decode()}")
        text = output.decode().rstrip()
        if text:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)
        return text

    @property
    def _clouds(self) -> Path:
        return self.folder / "state" / "clouds.yaml"

    def _say(self, text: str) -> None:
        if self.console.is_terminal:
            self.console.print(Panel.fit(text, border_style="cyan"))
        else:
            self.console.print(f"\n== {text}", markup=False)

    def _note(self, text: str) -> None:
        self.console.print(text, style="dim", markup=False, soft_wrap=True)

    def _require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise DemoFailed(otherwise)


# Compiled modules make each start of the client more than a second faster.
_DISTURBING = frozenset({"PYTHONDONTWRITEBYTECODE"})


def _client() -> str:
    beside = Path(sys.executable).with_name("openstack")
    found = str(beside) if beside.exists() else shutil.which("openstack")
    if found is None:
        raise DemoFailed(
            "the openstack command is missing: pip install 'isotherm[demo]', or "
            "python-openstackclient and python-heatclient"
        )
    return found


def _id_in(outputs: str, name: str) -> str:
    """The value of one output in what ``stack output show --all -f yaml`` prints."""
    found = yaml.safe_load(outputs)[name]
    return str((json.loads(found) if isinstance(found, str) else found)["output_value"])
