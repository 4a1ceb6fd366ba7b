"""Example 12, a package that adds to the service; and plug-ins that are broken."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plug ins")]

FOLDER = Path(__file__).parents[2] / "examples" / "12-plug-in"
TEMPLATE = ("-t", str(FOLDER / "template.yaml"))
PIP = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "install", "--no-deps"]

BROKEN_TYPE = """
from isotherm import kit

class P(kit.Properties):
    wrong: bool = kit.prop("Fails when it is looked at.", default=False)

@kit.register("Acme::Broken")
class Broken(kit.ResourceType[P]):
    def validate(self, properties):
        if properties.get("wrong"):
            raise ZeroDivisionError("oops")
        return ()

    async def create(self, ctx):
        return ctx.no_such_thing
"""
BROKEN = """heat_template_version: 2021-04-16
resources: {{it: {{type: {name}, properties: {{wrong: {wrong}}}}}}}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is installed, apart from everything else."""
    there = tmp_path_factory.mktemp("installed")
    building = ["--no-index", "--no-build-isolation", "--target", str(there)]
    subprocess.run([*PIP, *building, str(FOLDER)], check=True, timeout=PATIENCE)
    return there


@pytest.fixture(scope="module")
def extended(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with the package, and with a folder of plug-ins of which two are broken."""
    folder = tmp_path_factory.mktemp("plug-ins")
    (folder / "unimportable.py").write_text("import nothing_of_the_kind\n")
    (folder / "broken.py").write_text(BROKEN_TYPE)
    clash = BROKEN_TYPE.replace("Acme::Broken", "OS::Nova::Server")
    (folder / "clash.py").write_text(clash)
    config = f"[isotherm]\nplugin_folders = {folder}\n"
    running = Service(tmp_path_factory.mktemp("extended") / "state", config)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(package)
    try:
        running.start()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    yield running
    running.stop()


def test_its_own_tests_pass() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(FOLDER)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_type_is_offered_and_runs(extended: Service) -> None:
    kinds = extended.read("orchestration", "resource", "type", "list", "--filter", "name=Acme")
    assert "Acme::AddressPlan" in str(kinds)
    extended.openstack("stack", "create", *TEMPLATE, "--wait", "planned")
    label = extended.read("stack", "output", "show", "planned", "label")["output_value"]
    assert label.startswith("CC-0815 anvils (planned-plan-")
    extended.delete_stack("planned")


def test_its_constraint_is_asked(extended: Service) -> None:
    given = ("--parameter", "cost_centre=815")
    assert "a cost centre is written like CC-0815" in extended.refused(
        "stack", "create", *TEMPLATE, *given, "unplanned"
    )


def test_broken_ones_are_told_and_the_service_goes_on(extended: Service) -> None:
    log = extended.log
    assert "unimportable.py: it cannot be imported: ModuleNotFoundError" in log
    assert "type OS::Nova::Server is declared by the service itself already" in log
    assert extended.read("server", "list") == []


def test_what_a_broken_type_raises_is_the_answer(extended: Service, tmp_path: Path) -> None:
    template = tmp_path / "broken.yaml"
    template.write_text(BROKEN.format(name="Acme::Broken", wrong="true"))
    told = extended.refused("stack", "create", "-t", str(template), "wrong")
    assert "The plug-in of Acme::Broken failed in validate: ZeroDivisionError: oops" in told
    template.write_text(BROKEN.format(name="Acme::Broken", wrong="false"))
    extended.openstack("stack", "create", "-t", str(template), "wrong")
    assert extended.settle("wrong") == "CREATE_FAILED"
    reason = extended.read("stack", "show", "wrong")["stack_status_reason"]
    assert "The plug-in of Acme::Broken failed in create: AttributeError" in reason
    extended.delete_stack("wrong")
