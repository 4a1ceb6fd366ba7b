"""The walls between rooms hold: a wrong import of each kind is noticed and named."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Modules that break one rule each, new ones or in the place of others.
# Path below src/isotherm -> source.
INTRUDERS = {
    "attic/__init__.py": "",
    "attic/trunk.py": "",
    "ports/intruder.py": "import isotherm.engine",
    "planning/intruder.py": "import asyncio",
    "template/reading/intruder.py": "import isotherm.template.linting",
    "localcloud/intruder.py": "import isotherm.core",
    "localcloud/network/intruder.py": "import isotherm.localcloud.volume",
    "store/intruder.py": "import isotherm.engine",
    "store/obstacles.py": "import isotherm.store.store",
    "server/errors.py": "import isotherm.server.process",
    "cloud/endpoints.py": "import isotherm.cloud.openstack",
    "bus/outbox.py": "import isotherm.bus.rabbitmq",
    "cli/convert.py": "import isotherm.cli.lint",
    "engine/waiting/intruder.py": "import isotherm.engine.steps",
    "api/intruder.py": "import isotherm.store",
    "resources/intruder.py": "import isotherm.planning",
    "resources/one/__init__.py": "import isotherm.resources.other",
    "resources/other/__init__.py": "",
    "usecases/intruder.py": (
        "import aio_pika, aiohttp, psycopg, sqlalchemy, starlette.routing, isotherm.template.model"
    ),
}

# Two rooms that import each other, in a tree of their own: the intruders above close more
# circles, and which of them is named first is nobody's promise.
CIRCLE = {
    "testing/intruder.py": "import isotherm.cli.intruder",
    "cli/intruder.py": "import isotherm.testing",
}

# Two files of one chapter that import each other: no cycle at any depth.
KNOT = {
    "engine/waiting/knot.py": "import isotherm.engine.waiting.tie",
    "engine/waiting/tie.py": "import isotherm.engine.waiting.knot",
}

# The same within a service of the local cloud.
LOCAL_KNOT = {
    "localcloud/network/knot.py": "import isotherm.localcloud.network.tie",
    "localcloud/network/tie.py": "import isotherm.localcloud.network.knot",
}

# Contract id -> what its report must say.
EXPECTED = {
    "layers": ["- isotherm.attic", "isotherm.ports.intruder -> isotherm.engine"],
    "pure": ["isotherm.planning.intruder -> asyncio"],
    "language": ["isotherm.template.reading.intruder -> isotherm.template.linting"],
    "language-door": ["isotherm.usecases.intruder -> isotherm.template.model"],
    "engine": ["isotherm.engine.waiting.intruder -> isotherm.engine.steps"],
    "store": ["- isotherm.store.intruder", "isotherm.store.obstacles -> isotherm.store.store"],
    "server": ["isotherm.server.errors -> isotherm.server.process"],
    "cloud": ["isotherm.cloud.endpoints -> isotherm.cloud.openstack"],
    "bus": ["isotherm.bus.outbox -> isotherm.bus.rabbitmq"],
    "commands": ["isotherm.cli.convert -> isotherm.cli.lint"],
    "localcloud": ["isotherm.localcloud.intruder -> isotherm.core"],
    "localcloud-services": [
        "- isotherm.localcloud.intruder",
        "isotherm.localcloud.network.intruder -> isotherm.localcloud.volume",
    ],
    "adapters": ["isotherm.store.intruder -> isotherm.engine"],
    "doors": ["isotherm.api.intruder -> isotherm.store"],
    "catalogue": ["isotherm.resources.intruder -> isotherm.planning"],
    "families": ["isotherm.resources.one -> isotherm.resources.other"],
    "sql": ["isotherm.usecases.intruder -> sqlalchemy"],
    "postgresql": ["isotherm.usecases.intruder -> psycopg"],
    "http-clients": ["isotherm.usecases.intruder -> aiohttp"],
    "amqp": ["isotherm.usecases.intruder -> aio_pika"],
    "web": ["isotherm.usecases.intruder -> starlette"],
}


def lint_imports(source: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Check the package in `source` against the project's import rules."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        f"--config={ROOT / 'pyproject.toml'}",
        "--no-logo",
        "--no-cache",
        *(f"--contract={contract}" for contract in contracts),
    ]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


def invade(folder: Path, intruders: Mapping[str, str]) -> Path:
    """A copy of the source tree with the intruders in it."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in intruders.items():
        intruder = source / "isotherm" / path
        intruder.parent.mkdir(exist_ok=True)
        intruder.write_text(text)
    return source


@pytest.fixture(scope="module")
def invaded_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invade(tmp_path_factory.mktemp("invaded"), INTRUDERS)


@pytest.mark.parametrize("contract", EXPECTED)
def test_a_wrong_import_is_noticed(contract: str, invaded_source: Path) -> None:
    result = lint_imports(invaded_source, contract)
    report = re.sub(r"\s+", " ", result.stdout)
    assert result.returncode == 1, report
    for line in EXPECTED[contract]:
        assert line in report


def test_a_circle_of_rooms_is_noticed(tmp_path: Path) -> None:
    result = lint_imports(invade(tmp_path, CIRCLE), "cycles")
    assert result.returncode == 1, result.stdout
    assert re.search(r"\.testing -> \.cli|\.cli -> \.testing", result.stdout), result.stdout


def test_a_circle_within_a_chapter_is_noticed(tmp_path: Path) -> None:
    result = lint_imports(invade(tmp_path, KNOT), "cycles")
    assert result.returncode == 1, result.stdout
    assert re.search(r"\.knot -> \.tie|\.tie -> \.knot", result.stdout), result.stdout


def test_a_circle_within_a_service_of_the_local_cloud_is_noticed(tmp_path: Path) -> None:
    result = lint_imports(invade(tmp_path, LOCAL_KNOT), "cycles")
    assert result.returncode == 1, result.stdout
    assert re.search(r"\.knot -> \.tie|\.tie -> \.knot", result.stdout), result.stdout


def test_every_contract_is_tried_here() -> None:
    declared = re.findall(r'^id = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert sorted(declared) == sorted([*EXPECTED, "cycles"])
