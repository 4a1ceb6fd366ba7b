"""The service in parts: an API and engines as processes of their own, on one database."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.clients.service import PROGRAM, Service
from tests.waiting import eventually

T = TypeVar("T")

LEASE_SECONDS = 3


@dataclass
class Part:
    """``isotherm api`` or ``isotherm engine``; what it writes goes to ``log``."""

    command: str
    config: Path
    log_file: Path
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def launch(self) -> None:
        """Start without waiting for it: several start at a time."""
        with self.log_file.open("a") as log:
            self.process = subprocess.Popen(
                [*PROGRAM, self.command, "--config", str(self.config), "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def await_ready(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("ready: http://"), self.log
        self.url = line.removeprefix("ready: ").strip()

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code."""
        self.send(number)
        return self.wait()

    def wait(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process = None
        return code

    @property
    def ailment(self) -> str:
        """What the health check complains of; empty if of nothing."""
        try:
            urllib.request.urlopen(f"{self.url}/healthcheck", timeout=10).close()
        except urllib.error.HTTPError as error:
            return ", ".join(each["reason"] for each in json.load(error)["reasons"])
        return ""

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that have these labels; 0 where there is none."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as reply:
            lines = reply.read().decode().splitlines()
        wanted = {f'{key}="{value}"' for key, value in labels.items()}
        found = 0.0
        for line in lines:
            series, _, value = line.rpartition(" ")
            if series.partition("{")[0] == name and all(each in series for each in wanted):
                found += float(value)
        return found


@dataclass
class Cluster:
    """``cloud`` is another service's local cloud; stacks are asked for as its user demo."""

    folder: Path
    cloud: Service
    database: str
    transport_url: str = ""
    poll_seconds: float = 1.0
    options: Mapping[str, str] = field(default_factory=dict)
    engines: list[Part] = field(default_factory=list)
    _launched: int = 0

    def __post_init__(self) -> None:
        self.config = self.folder / "isotherm.conf"
        self.config.write_text(self._settings())
        self.api = self._part("api")

    def start(self, engines: int) -> None:
        self.engines = [self._part("engine") for _ in range(engines)]
        _start([self.api, *self.engines])

    def stop(self) -> None:
        for part in (self.api, *self.engines):
            if part.alive:
                part.send(signal.SIGCONT)
                part.end(signal.SIGKILL)

    def have_engines(self, count: int) -> Sequence[Part]:
        """So many that run; those that are missing are started, those too many are ended."""
        self.engines = [each for each in self.engines if each.alive]
        for each in self.engines[count:]:
            assert each.end() == 0, each.log
        fresh = [self._part("engine") for _ in range(count - len(self.engines))]
        self.engines = [*self.engines[:count], *fresh]
        _start(fresh)
        return self.engines

    def owner(self) -> Part:
        """The engine that runs a traversal, as soon as one does; there must be only one."""
        return eventually(
            lambda: next((e for e in self.engines if e.metric("isotherm_traversals_running")), None)
        )

    def other(self, engine: Part) -> Part:
        (found,) = (each for each in self.engines if each is not engine)
        return found

    def check_no_trouble(self) -> None:
        """Everything that should run does, and nothing was so unexpected as to be traced."""
        for part in (self.api, *self.engines):
            assert part.alive, part.log
        for file in self.folder.glob("*.log"):
            assert "Traceback" not in file.read_text(), file.read_text()

    # -- the API --------------------------------------------------------------------------

    def create(
        self, name: str, template: Mapping[str, Any], files: Mapping[str, str] | None = None
    ) -> str:
        """Ask for a stack; its id."""
        body = {
            "stack_name": name,
            "template": template,
            "files": files or {},
            "disable_rollback": True,
        }
        return str(self.send("POST", "/stacks", body)["stack"]["id"])

    def delete(self, name: str, stack_id: str) -> None:
        self.send("DELETE", f"/stacks/{name}/{stack_id}")

    def status(self, name: str, stack_id: str) -> str:
        found = self.send("GET", f"/stacks/{name}/{stack_id}")["stack"]
        assert not str(found["stack_status"]).endswith("FAILED"), found["stack_status_reason"]
        return str(found["stack_status"])

    def events(self, name: str, stack_id: str) -> list[str]:
        """Ids, in order."""
        found = self.send("GET", f"/stacks/{name}/{stack_id}/events")["events"]
        return [each["id"] for each in found]

    def settle(self, name: str, stack_id: str) -> str:
        """The stack's status once it is in progress no more."""

        def settled() -> str | None:
            status = self.status(name, stack_id)
            return None if status.endswith("IN_PROGRESS") else status

        return eventually(settled)

    def resource_statuses(self, name: str, stack_id: str) -> dict[str, str]:
        found = self.send("GET", f"/stacks/{name}/{stack_id}/resources")["resources"]
        return {each["resource_name"]: each["resource_status"] for each in found}

    def send(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.api.url}/v1/{self.cloud.project}{path}"
        return _exchange(method, url, self.cloud.token, body)

    # -- inside -----------------------------------------------------------------------------

    def _part(self, command: str) -> Part:
        self._launched += 1
        log = self.folder / f"{command}-{self._launched}.log"
        return Part(command, self.config, log)

    def _settings(self) -> str:
        options = {
            "cloud": "isotherm-service",
            "cloud_file": str(self.cloud.state / "clouds.yaml"),
            "lease_seconds": str(LEASE_SECONDS),
            "poll_seconds": str(self.poll_seconds),
            **self.options,
        }
        return "\n".join(
            [
                "[DEFAULT]",
                "auth_encryption_key = sixteen letters or more",
                *([f"transport_url = {self.transport_url}"] if self.transport_url else []),
                "[database]",
                f"connection = {self.database}",
                "[isotherm]",
                *(f"{name} = {value}" for name, value in options.items()),
            ]
        )


@dataclass(frozen=True)
class CloudDoor:
    """The control door of the local cloud."""

    cloud: Service

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """Everything of a kind that exists, but for what every cloud has at first."""
        found = self.send("GET", "/objects?seeded=false")["objects"]
        return [each for each in found if each["kind"] == kind]

    @contextmanager
    def timings(self, **seconds: float) -> Iterator[None]:
        """Times of operations, ``__`` for a dot and ``_`` for a dash."""
        named = {k.replace("__", ".").replace("_", "-"): v for k, v in seconds.items()}
        self.send("PUT", "/timings", named)
        try:
            yield
        finally:
            self.send("PUT", "/timings", {})

    @contextmanager
    def faults(self, rules: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
        """Fault rules by operation."""
        self.send("PUT", "/faults", rules)
        try:
            yield
        finally:
            self.send("PUT", "/faults", {})

    def calls(self, operation: str) -> int:
        """How often an operation was called."""
        return int(self.send("GET", "/calls")["called"].get(operation, 0))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.cloud.url}/localcloud{path}"
        return _exchange(method, url, self.cloud.admin_token, body)


def _start(parts: Sequence[Part]) -> None:
    for part in parts:
        part.launch()
    for part in parts:
        part.await_ready()


def _exchange(method: str, url: str, token: str, body: Any) -> Any:
    request = urllib.request.Request(
        url,
        json.dumps(body).encode() if body is not None else None,
        {"X-Auth-Token": token, "Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            content = reply.read()
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {url}: {error.code} {error.read().decode()}") from None
    return json.loads(content) if content else None
