"""The service as a process, and the real clients as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-m", "isotherm.cli"]
STARTS_WITHIN = 60.0


def _environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
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
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self) -> None:
        arguments = ["serve", "--state", str(self.state), "--listen", self._address()]
        if self.config:
            file = self.state.with_suffix(".conf")
            file.write_text(self.config)
            arguments += ["--config", str(file)]
        errors = self.state.with_suffix(".log").open("a")
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=_environment(),
        )
        errors.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("ready: http://"), self.log
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
        """Run a client from this environment's ``bin``."""
        program = str(Path(sys.executable).with_name(command[0]))
        clouds = {"OS_CLIENT_CONFIG_FILE": str(self.state / "clouds.yaml"), "OS_CLOUD": cloud}
        return subprocess.run(
            [program, *command[1:]],
            env=_environment(clouds),
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

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

    def settle(self, stack: str, *, within: float = 60.0) -> str:
        """The stack's status when it is in progress no more."""
        end = time.monotonic() + within
        while True:
            status: str = self.read("stack", "show", stack, "-c", "stack_status")["stack_status"]
            if not status.endswith("IN_PROGRESS"):
                return status
            assert time.monotonic() < end, f"{stack} is still {status}"
