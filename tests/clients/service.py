"""The service as a process, and the real clients as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from tests.clients.programs import run_program
from tests.waiting import PATIENCE

PROGRAM = [sys.executable, "-m", "isotherm.cli"]
STARTS_WITHIN = 60.0


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Without what would send a client elsewhere or make it slow."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("OS_") and key != "PYTHONDONTWRITEBYTECODE"
    }
    return {**kept, **(extra or {})}


@dataclass
class Service:
    """``isotherm serve`` on a state folder; can be stopped, killed and started again."""

    state: Path
    config: str = ""
    more: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    """A command that becomes the program: as another user, say."""
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self) -> None:
        """Returns when it answers; a process that ends instead leaves nothing behind."""
        arguments = ["serve", "--state", str(self.state), "--listen", self._address()]
        arguments += self.more
        if self.config:
            file = self.state.with_suffix(".conf")
            file.write_text(self.config)
            arguments += ["--config", str(file)]
        errors = self.state.with_suffix(".log").open("a")
        self.process = subprocess.Popen(
            [*self.through, *PROGRAM, *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(),
        )
        errors.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("ready: http://"):
            self.kill()
            raise AssertionError(self.log)
        self.url = line.removeprefix("ready: ").strip()

    def _address(self) -> str:
        """The same port again after a restart: objects of the cloud know it by its address."""
        return self.url.removeprefix("http://") or "127.0.0.1:0"

    @property
    def log(self) -> str:
        return self.state.with_suffix(".log").read_text()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        return self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process = None
        return code

    def client(self, *command: str, cloud: str = "isotherm") -> subprocess.CompletedProcess[str]:
        """Run a client of this environment."""
        return run_program(command, self.client_environment(cloud))

    def say(self, *lines: str, cloud: str = "isotherm") -> str:
        """What one ``openstack`` prints that is told several commands; none may be
        refused."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name("openstack"))],
            input="".join(f"{line}\n" for line in lines),
            env=self.client_environment(cloud),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        failed = any(sign in done.stderr for sign in ("(HTTP ", "usage: ", "Unable to"))
        assert not failed, f"{done.stderr}\n{self.log}"
        return done.stdout

    def series(self, *lines: str, cloud: str = "isotherm") -> list[str]:
        """What each of several commands prints, said by one process (see command_series.py);
        all must succeed."""
        program = str(Path(__file__).with_name("command_series.py"))
        done = subprocess.run(
            [sys.executable, program],
            input="".join(f"{line}\n" for line in lines),
            env=self.client_environment(cloud),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        told = [json.loads(each) for each in done.stdout.splitlines()]
        wrong = [(line, each[2]) for line, each in zip(lines, told, strict=False) if each[0]]
        assert not wrong, f"{wrong}\n{self.log}"
        assert len(told) == len(lines), done.stderr
        return [str(each[1]) for each in told]

    def client_environment(self, cloud: str = "isotherm") -> dict[str, str]:
        clouds = {"OS_CLIENT_CONFIG_FILE": str(self.state / "clouds.yaml"), "OS_CLOUD": cloud}
        return environment(clouds)

    def openstack(self, *arguments: str, cloud: str = "isotherm") -> str:
        """What ``openstack`` prints; it must succeed."""
        done = self.client("openstack", *arguments, cloud=cloud)
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr}\n{self.log}"
        return done.stdout

    def read(self, *arguments: str, cloud: str = "isotherm") -> Any:
        """The same as data."""
        return json.loads(self.openstack(*arguments, "-f", "json", cloud=cloud))

    def refused(self, *arguments: str, cloud: str = "isotherm") -> str:
        """What ``openstack`` complains of; it must fail."""
        done = self.client("openstack", *arguments, cloud=cloud)
        assert done.returncode != 0, done.stdout
        return done.stderr

    # -- straight to the API, where a client's start-up would only cost time ------------------

    def settle(self, stack: str) -> str:
        """The stack's status when it is in progress no more; empty once it is deleted."""
        end = time.monotonic() + PATIENCE
        while True:
            found = self.get(f"/orchestration/v1/{self.project}/stacks/{stack}")
            status: str = found["stack"]["stack_status"] if found else ""
            if not status.endswith("IN_PROGRESS"):
                # It may go between the look for its name and the look at it.
                return "" if status == "DELETE_COMPLETE" else status
            assert time.monotonic() < end, f"{stack} is still {status}"
            time.sleep(0.1)

    def create_stack(self, template: str, name: str) -> None:
        """By the real client; it must complete."""
        self.openstack("stack", "create", "-t", template, name)
        assert self.settle(name) == "CREATE_COMPLETE"

    def delete_stack(self, name: str) -> None:
        """By the real client; nothing of it must be left."""
        self.openstack("stack", "delete", "--yes", name)
        assert self.settle(name) == ""

    def control(self, method: str, what: str, body: object = None) -> Any:
        """The control door of the local cloud; ``what``: timings, faults, …"""
        return self.send(method, f"/localcloud/{what}", body, token=self.admin_token)

    def get(self, path: str, *, token: str = "") -> Any:
        """The body of a GET; None for 404."""
        try:
            return self.send("GET", path, token=token)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def send(self, method: str, path: str, body: object = None, *, token: str = "") -> Any:
        """What is answered to the user demo, or to whose token it is; None for nothing. Raises
        HTTPError."""
        request = urllib.request.Request(
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"X-Auth-Token": token or self.token, "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            text = reply.read()
            return json.loads(text) if text else None

    @cached_property
    def token(self) -> str:
        """The user demo's."""
        return self._login[0]

    @cached_property
    def admin_token(self) -> str:
        return self._admin_login[0]

    @cached_property
    def project(self) -> str:
        return self._login[1]

    @cached_property
    def admin_project(self) -> str:
        return self._admin_login[1]

    @cached_property
    def _admin_login(self) -> tuple[str, str]:
        return self._log_in("isotherm-admin")

    @cached_property
    def _login(self) -> tuple[str, str]:
        return self._log_in("isotherm")

    def _log_in(self, cloud: str) -> tuple[str, str]:
        """Token, and id of the project."""
        clouds = yaml.safe_load((self.state / "clouds.yaml").read_text())["clouds"]
        account = clouds[cloud]["auth"]
        domain = {"name": "Default"}
        user = {"name": account["username"], "password": account["password"], "domain": domain}
        body = {
            "auth": {
                "identity": {"methods": ["password"], "password": {"user": user}},
                "scope": {"project": {"name": account["project_name"], "domain": domain}},
            }
        }
        request = urllib.request.Request(
            f"{self.url}/identity/v3/auth/tokens",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.headers["X-Subject-Token"], json.load(reply)["token"]["project"]["id"]
