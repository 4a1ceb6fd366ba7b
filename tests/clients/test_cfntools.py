"""Agents of images for CloudFormation, unmodified, each as root of a machine of its own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.clients.test_boto3 import run
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters: {Size: {Type: String, Default: one}}
Resources:
  User: {Type: AWS::IAM::User}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: {Ref: User}}}
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
  Ready:
    Type: AWS::CloudFormation::WaitCondition
    Properties: {Handle: {Ref: Handle}, Timeout: '120'}
  Word:
    Type: OS::Heat::RandomString
    Metadata: {size: {Ref: Size}}
Outputs:
  Address: {Value: {Ref: Handle}}
  Access: {Value: {Ref: Key}}
  Secret: {Value: {'Fn::GetAtt': [Key, SecretAccessKey]}}
  Told: {Value: {'Fn::GetAtt': [Ready, Data]}}
"""
HOOK = """\
[changed]
triggers=post.update
path=Resources.Word.Metadata
action=echo changed >> /var/log/hooked
runas=root
"""


@dataclass
class Machine:
    """A root of its own, in which the agents find their files where they look for them."""

    folder: Path

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def read(self, path: str) -> str:
        file = self.folder / path
        return file.read_text() if file.exists() else ""

    def run(self, *command: str) -> str:
        """What an agent prints; it must succeed."""
        program = str(Path(sys.executable).with_name(command[0]))
        done = subprocess.run(
            [*self._bubble(), program, *command[1:]],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        logs = "\n".join(each.read_text() for each in self.folder.glob("log/*.log"))
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{logs}"
        return done.stdout

    def _bubble(self) -> Iterator[str]:
        yield from ("bwrap", "--unshare-user", "--uid", "0", "--gid", "0")
        yield from ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/var")
        for name, place in (
            ("log", "/var/log"),
            ("lib", "/var/lib/heat-cfntools"),
            ("cache", "/var/cache/heat-cfntools"),
        ):
            (self.folder / name).mkdir(exist_ok=True)
            yield from ("--bind", str(self.folder / name), place)
        yield from ("--tmpfs", "/etc", "--ro-bind", str(self.folder / "cfn"), "/etc/cfn")
        for name in ("passwd", "group", "hosts", "nsswitch.conf", "ld.so.cache", "alternatives"):
            if Path("/etc", name).exists():
                yield from ("--ro-bind", f"/etc/{name}", f"/etc/{name}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture
def doors(tmp_path: Path, ports: tuple[int, int]) -> Iterator[Service]:
    """A service with each door at a port of its own, as the agents want it."""
    cfn, cloudwatch = ports
    more = ("--listen-cfn", f"127.0.0.1:{cfn}", "--listen-cloudwatch", f"127.0.0.1:{cloudwatch}")
    own = Service(tmp_path / "state", more=more)
    own.start()
    yield own
    own.stop()


def boto_config(port: int) -> str:
    """The address of the service; where the ports that the agents know are taken, by a proxy."""
    return (
        "[Boto]\ndebug = 0\nis_secure = 0\nhttps_validate_certificates = 0\n"
        "cfn_region_name = RegionOne\ncfn_region_endpoint = 127.0.0.1\n"
        "cloudwatch_region_name = RegionOne\ncloudwatch_region_endpoint = 127.0.0.1\n"
        f"proxy = 127.0.0.1\nproxy_port = {port}\n"
    )


def test_agents_signal_read_watch_and_measure(
    doors: Service, ports: tuple[int, int], tmp_path: Path
) -> None:
    assert shutil.which("bwrap"), "install bubblewrap"
    machine = Machine(tmp_path / "machine")
    machine.write("lib/nova_meta.json", json.dumps({"uuid": "server-1", "meta": {"group": "g"}}))
    machine.write("cfn/hooks.d/word.conf", HOOK)
    run(doors, "client.create_stack(StackName='aged', TemplateBody=T); tell()", T=TEMPLATE)
    outputs: dict[str, str] = {}
    end = time.monotonic() + PATIENCE
    while "Address" not in outputs or "Secret" not in outputs:
        assert time.monotonic() < end, doors.log
        told = run(doors, "tell(**outputs('aged'))")
        outputs = {name: each for name, each in told.items() if each not in ("null", "")}
    keys = f"AWSAccessKeyId={outputs['Access']}\nAWSSecretKey={outputs['Secret']}\n"
    machine.write("cfn/cfn-credentials", keys)
    main = "[main]\nstack=aged\ncredential-file=/etc/cfn/cfn-credentials\nregion=RegionOne\n"
    machine.write("cfn/cfn-hup.conf", main)

    machine.run("cfn-signal", "-s", "true", "-r", "up", "-d", "all is well", outputs["Address"])
    assert doors.settle("aged") == "CREATE_COMPLETE"
    told = run(doors, "tell(**outputs('aged'))")
    assert json.loads(told["Told"]) == {"server-1": "all is well"}

    machine.write("lib/cfn-boto-cfg", boto_config(ports[0]))
    machine.write("lib/cfn-metadata-server", f"http://127.0.0.1:{ports[0]}")
    asked = ("-s", "aged", "-r", "Word", "--credential-file", "/etc/cfn/cfn-credentials")
    assert '"size": "one"' in machine.run("cfn-get-metadata", *asked)
    machine.run("cfn-hup", "-f", "-v")
    machine.run("cfn-hup", "-f", "-v")
    before = machine.read("log/hooked").count("changed")
    run(
        doors,
        """
size = [{"ParameterKey": "Size", "ParameterValue": "two"}]
client.update_stack(StackName="aged", UsePreviousTemplate=True, Parameters=size)
wait("stack_update_complete", "aged")
tell()
""",
    )
    machine.run("cfn-hup", "-f", "-v")
    assert machine.read("log/hooked").count("changed") == before + 1

    machine.write("lib/cfn-boto-cfg", boto_config(ports[1]))
    machine.run("cfn-push-stats", "--metric", "load", "--units", "Count", "--value", "7")
    told = run(
        doors,
        """
found = boto3.client("cloudwatch").list_metrics(Namespace="system/linux")["Metrics"]
tell(metrics=[[each["MetricName"], each["Dimensions"]] for each in found])
""",
    )
    ((name, dimensions),) = told["metrics"]
    assert name == "load"
    assert {each["Name"]: each["Value"] for each in dimensions} == {
        "InstanceId": "server-1",
        "group": "g",
    }
    assert outputs["Secret"] not in doors.log
