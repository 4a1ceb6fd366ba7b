"""A program: what a machine does from its start.

It stands alone (standard library only) and is the first process of the machine. User data are run
by the distribution's cloud-init where that is installed; else here, and then only scripts,
boothooks, part handlers, and of cloud-config what CONFIG_KEYS names: all else is told on the
console as left out. Then it starts the agent that images have, if it is there, and waits.
"""

import contextlib
import email
import email.message
import gzip
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

METADATA = "http://169.254.169.254/openstack/latest"
SEED = Path("/var/lib/cloud/seed/config_drive/openstack/latest")
"""The config drive, where there is one."""
SCRIPTS = Path("/var/lib/cloud/instance/scripts")
DONE = Path("/var/lib/cloud/instance/boot-finished")
STAGES = (("init", "--local"), ("init",), ("modules", "--mode=config"), ("modules", "--mode=final"))
SETTINGS = Path("/etc/cloud/cloud.cfg.d/99_isotherm.cfg")
"""What cloud-init has to know of such a machine, as an image would bring it."""
SETTINGS_TEXT = """\
datasource_list: [ConfigDrive, OpenStack, None]
growpart: {mode: "off"}
locale: C.UTF-8
no_ssh_fingerprints: true
preserve_hostname: true
resize_rootfs: false
users: []
"""
OUTPUT = Path("/var/log/cloud-init-output.log")
NETWORK_IS_UP = Path("/var/lib/cloud/data/upgraded-network")
"""Keeps cloud-init from looking for interfaces below /sys, which a machine does not have."""
CONFIG_KEYS = ("bootcmd", "hostname", "output", "runcmd", "write_files")
AGENT = ("os-collect-config", "--polling-interval", "2")
# The agent falls over a locale of no country; Ansible wants one that is UTF-8.
AGENT_ENVIRONMENT = {"LC_ALL": "C", "HEAT_ANSIBLE_CMD": "ansible-playbook-in-utf8"}
SCRIPT_SECONDS = 1800
# The agent says at each look that it is not there: nothing else would stand on the console.
LOCAL_DATA = Path("/var/lib/os-collect-config/local-data")
AWS_TOOLS = Path("/opt/aws/bin")
AT_BOOT = "/etc/rc.local"


def say(text: str) -> None:
    print(f"[boot] {text}", flush=True)


def read(name: str) -> bytes:
    """A document of the metadata; empty where there is none."""
    if (SEED / name).is_file():
        return (SEED / name).read_bytes()
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{METADATA}/{name}", timeout=20) as reply:
                return bytes(reply.read())
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return b""
            if time.monotonic() > end:
                raise
        except OSError:
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


def run(words: list[str], output: IO[bytes] | None = None) -> None:
    """`output` is where it writes, instead of on the console."""
    errors = None if output is None else subprocess.STDOUT
    try:
        code = subprocess.run(
            words, timeout=SCRIPT_SECONDS, check=False, stdout=output, stderr=errors
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"{words[0]} failed: {error}")
        return
    if code:
        say(f"{words[0]} ended with status {code}")


class Parts:
    """User data, part by part, in the order in which cloud-init would take them."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}
        self.scripts: list[Path] = []
        self.config: dict[str, Any] = {}

    def take(self, data: bytes, kind: str = "", name: str = "") -> None:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        text = data.decode(errors="replace")
        message = email.message_from_string(text) if "MIME-Version" in text[:500] else None
        if message is not None and message.is_multipart():
            leaves = [each for each in message.walk() if not each.is_multipart()]
            leaves.sort(key=lambda each: each.get_content_type() != "text/part-handler")
            for each in leaves:
                content = each.get_payload(decode=True)
                assert isinstance(content, bytes)
                self.take(content, each.get_content_type(), each.get_filename() or "part")
            return
        self._take_one(data, kind, name or "user-data", text)

    def _take_one(self, data: bytes, kind: str, name: str, text: str) -> None:
        if text.startswith("#part-handler"):
            self._learn(data, name)
        elif kind in self.handlers:
            self._handle(kind, name, data)
        elif text.startswith("#!"):
            self.scripts.append(self._keep(name, data))
        elif text.startswith("#cloud-boothook"):
            run([str(self._keep(name, data.partition(b"\n")[2]))])
        elif text.startswith("#cloud-config"):
            self._merge(text)
        elif text.strip():
            say(f"left out: {name} ({kind or text.splitlines()[0][:40]}) is nothing known")

    def _keep(self, name: str, data: bytes) -> Path:
        SCRIPTS.mkdir(parents=True, exist_ok=True)
        path = SCRIPTS / f"{len(list(SCRIPTS.iterdir())):03}-{Path(name).name}"
        path.write_bytes(data)
        path.chmod(0o700)
        return path

    def _learn(self, data: bytes, name: str) -> None:
        path = self._keep(f"{Path(name).stem}.py", data)
        found = importlib.util.spec_from_file_location(f"handler{len(self.handlers)}", path)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        for kind in module.list_types():
            self.handlers[kind] = module
        module.handle_part({}, "__begin__", "", "")

    def _handle(self, kind: str, name: str, data: bytes) -> None:
        self.handlers[kind].handle_part({}, kind, name, data)

    def _merge(self, text: str) -> None:
        try:
            import yaml
        except ImportError:
            say("left out: cloud-config, for there is no reader of YAML here")
            return
        config = yaml.safe_load(text) or {}
        for key in sorted(set(config) - set(CONFIG_KEYS)):
            say(f"left out: {key} of cloud-config needs cloud-init, which is not installed")
        self.config.update(config)

    def finish(self) -> None:
        for module in set(self.handlers.values()):
            module.handle_part({}, "__end__", "", "")
        for each in self.config.get("bootcmd", ()):
            self._command(each)
        for each in self.config.get("write_files", ()):
            self._write(each)
        for each in self.config.get("runcmd", ()):
            self._command(each)
        for path in self.scripts:
            run([str(path)])

    @staticmethod
    def _command(words: Any) -> None:
        run(["sh", "-c", words] if isinstance(words, str) else [str(each) for each in words])

    @staticmethod
    def _write(file: dict[str, Any]) -> None:
        if set(file) - {"path", "content", "permissions", "owner", "append"}:
            say(f"left out: {file.get('path')}: only plain files without encoding are written")
            return
        path = Path(file["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if file.get("append") else "w") as opened:
            opened.write(file.get("content", ""))
        path.chmod(int(str(file.get("permissions", "0644")), 8))


def run_cloud_init() -> None:
    for path, text in ((SETTINGS, SETTINGS_TEXT), (NETWORK_IS_UP, "")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    # It would write its log as a group that there is not.
    os.environ["_CLOUD_INIT_SAVE_STDOUT"] = "1"
    with subprocess.Popen(["tee", "-a", str(OUTPUT)], stdin=subprocess.PIPE) as log:
        for stage in STAGES:
            run(["cloud-init", *stage], output=log.stdin)
    del os.environ["_CLOUD_INIT_SAVE_STDOUT"]


def take_user_data() -> None:
    if shutil.which("cloud-init"):
        run_cloud_init()
        return
    if DONE.exists():
        return
    parts = Parts()
    try:
        parts.take(read("user_data"))
        parts.finish()
    except Exception as error:  # noqa: BLE001 - a machine runs, whatever its user data are
        say(f"user data: {type(error).__name__}: {error}")
    DONE.parent.mkdir(parents=True, exist_ok=True)
    DONE.write_text("")


def lay_links() -> None:
    """Where templates of AWS look for its tools."""
    signal_tool = shutil.which("cfn-signal")
    if signal_tool and not AWS_TOOLS.exists():
        AWS_TOOLS.mkdir(parents=True)
        for tool in Path(signal_tool).parent.glob("cfn-*"):
            (AWS_TOOLS / tool.name).symlink_to(tool)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for name in ("lock", "heat-config"):
        Path("/run", name).mkdir(exist_ok=True)
    LOCAL_DATA.mkdir(parents=True, exist_ok=True)
    facts = json.loads(read("meta_data.json") or b"{}")
    say(f"{facts.get('name')} ({facts.get('uuid')}) starts")
    lay_links()
    take_user_data()
    if os.access(AT_BOOT, os.X_OK):
        run([AT_BOOT])
    if shutil.which(AGENT[0]):
        subprocess.Popen(AGENT, env={**os.environ, **AGENT_ENVIRONMENT})
    say(f"{os.uname().nodename} is up")
    while True:
        # What lost its parent comes to the first process.
        with contextlib.suppress(ChildProcessError):
            os.wait()
            continue
        signal.pause()


if __name__ == "__main__":
    main()
