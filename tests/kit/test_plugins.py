"""What others add to the service: found by entry points and in folders, and never in its way."""

from __future__ import annotations

import importlib.metadata
import inspect
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from isotherm.core.errors import Gone, Refused
from isotherm.kit import Ready, StackOperation, finder
from isotherm.kit.constraint import CONSTRAINTS
from isotherm.kit.event_sinks import EVENT_SINKS, take_back_event_sink
from isotherm.kit.plugin_guard import PluginFailed
from isotherm.kit.plugins import Plugins, load_plugins
from isotherm.template import load_environment
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

pytestmark = pytest.mark.usefixtures("no_plug_in_stays")

TYPE = '''
from isotherm import kit

class P(kit.Properties):
    size: int = kit.prop("Size.", default=1)

@kit.register("{name}")
class It(kit.ResourceType[P]):
    """One of ours."""
    {body}
'''
OPERATION = StackOperation("id", "web", "project", "user", "CREATE", 1)


def written(folder: Path, name: str, body: str = "", type_name: str = "Acme::It") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TYPE.format(name=type_name, body=body))
    return folder


def faults(found: Plugins) -> list[str]:
    return [str(each) for each in found.faults]


async def test_modules_and_packages_of_a_folder_are_loaded(tmp_path: Path) -> None:
    written(tmp_path, "one.py", type_name="Acme::One")
    written(tmp_path, "many/two.py", type_name="Acme::Two")
    (tmp_path / "many" / "__init__.py").write_text("from . import two\n")
    (tmp_path / "test_one.py").write_text("raise AssertionError\n")
    (tmp_path / "notes.txt").write_text("nothing\n")
    (tmp_path / "empty").mkdir()
    found = load_plugins([tmp_path])
    assert faults(found) == []
    assert {"Acme::One", "Acme::Two", "OS::Nova::Server"} <= set(found.registry)
    assert found.names == (str(tmp_path / "many"), str(tmp_path / "one.py"))
    assert isinstance(await ResourceRun.begin(found.registry["Acme::Two"], {}).create(), Ready)
    assert load_plugins([tmp_path]).registry["Acme::One"].name == "Acme::One"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = load_plugins([tmp_path / "none"])
    assert faults(found) == [f"plug-in {tmp_path / 'none'}: there is no such folder"]


def test_two_folders_may_not_have_modules_of_one_name(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", "it.py"), written(tmp_path / "b", "it.py")
    (fault,) = faults(load_plugins([first, second]))
    assert fault == f"plug-in {second / 'it.py'}: another plug-in folder has a it.py already"


def test_what_cannot_be_imported_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "broken.py").write_text("import nothing_of_the_kind\n")
    written(tmp_path, "good.py")
    with caplog.at_level(logging.ERROR):
        found = load_plugins([tmp_path])
    (fault,) = faults(found)
    assert "broken.py: it cannot be imported: ModuleNotFoundError: No module" in fault
    assert fault in caplog.text
    assert "Acme::It" in found.registry


@pytest.mark.parametrize("taken", ["OS::Nova::Server", "Acme::It"])
def test_of_two_types_of_one_name_the_first_counts(tmp_path: Path, taken: str) -> None:
    written(tmp_path, "a.py", type_name="Acme::It")
    written(tmp_path, "b.py", type_name=taken)
    found = load_plugins([tmp_path])
    owner = "the service itself" if taken.startswith("OS") else str(tmp_path / "a.py")
    text = f"type {taken} is declared by {owner} already; that one counts"
    assert faults(found) == [f"plug-in {tmp_path / 'b.py'}: {text}"]
    assert type(found.registry[taken]).__module__ != "isotherm_plugins.b"


def test_a_type_that_cannot_be_described_is_lost_and_its_users_are_told(tmp_path: Path) -> None:
    body = "def type_schema(self): raise ValueError('no idea')"
    found = load_plugins([written(tmp_path, "it.py", body)])
    assert "Acme::It" not in found.registry
    assert found.registry.lookup("Acme::It") is None
    assert "cannot be loaded: ValueError: no idea" in found.registry.nearest("Acme::It")
    assert "cannot be loaded" in found.registry.including({}).nearest("Acme::It")


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("async def create(self, ctx): return 1 / 0", "create"),
        ("def validate(self, properties): yield from 1", "validate"),
        ("def reference(self, ctx): raise KeyError('x')", "reference"),
        ("async def fetch(self, ctx, attribute): return 1 / 0", "fetch"),
    ],
)
async def test_what_a_type_raises_is_told_as_its_failure(
    tmp_path: Path, method: str, call: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = load_plugins([written(tmp_path, "it.py", method)])
    run = ResourceRun.begin(found.registry["Acme::It"], {})
    arguments: dict[str, Any] = {
        "validate": ({},),
        "fetch": (run.ctx, "a"),
    }
    with pytest.raises(PluginFailed, match=f"plug-in of Acme::It failed in {call}: "):
        await _called(getattr(run.type, call), *arguments.get(call, (run.ctx,)))
    assert "Traceback" in caplog.text


async def _called(method: Any, *arguments: Any) -> None:
    result = method(*arguments)
    if inspect.isawaitable(result):
        await result


async def test_errors_that_mean_something_pass(tmp_path: Path) -> None:
    body = """
    async def create(self, ctx): raise kit.Gone("away")
    def attribute(self, ctx, remote, name): raise KeyError(name)
    def validate(self, properties): yield "size", "too big"
    """
    found = load_plugins([written(tmp_path, "it.py", body)])
    run = ResourceRun.begin(found.registry["Acme::It"], {})
    with pytest.raises(Gone):
        await run.create()
    with pytest.raises(KeyError):
        run.type.attribute(run.ctx, {}, "a")
    assert run.type.validate({}) == [("size", "too big")]
    assert run.type.attribute_errors({}) == {}


RULES = """
from isotherm import kit

@kit.constraint("acme.even")
async def even(api, value):
    if int(value) % 2:
        raise kit.Refused(f"{value} is odd")

@kit.lifecycle
class Late(kit.Lifecycle):
    order = 200

@kit.lifecycle
class Early(kit.Lifecycle):
    order = 1
"""


async def test_constraints_and_lifecycles_are_taken_in(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text(RULES)
    found = load_plugins([tmp_path])
    assert [type(each).__name__ for each in found.lifecycles] == ["Early", "Late"]
    api = RecordingCloud().api
    assert await api.find("acme.even", "4") == "4"
    with pytest.raises(Refused, match="3 is odd"):
        await api.find("acme.even", "3")
    assert await finder.known_names(api, "acme.even") == set()
    for each in found.lifecycles:
        await each.before(OPERATION)
        await each.after(OPERATION, "")


async def test_of_two_constraints_of_one_name_the_first_counts(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(RULES)
    (tmp_path / "b.py").write_text(RULES.replace("% 2", "% 2 == 0"))
    (tmp_path / "c.py").write_text(RULES.replace("acme.even", "nova.flavor"))
    found = load_plugins([tmp_path])
    assert [each.partition(": ")[2] for each in faults(found)] == [
        f"constraint acme.even is declared by {tmp_path / 'a.py'} already; that one counts",
        "constraint nova.flavor is declared by the service itself already; that one counts",
    ]
    assert await RecordingCloud().api.find("acme.even", "4") == "4"
    assert "nova.flavor" not in CONSTRAINTS


SINK = """
from isotherm import kit

@kit.event_sink
class Sink(kit.EventSink):
    kind = "{kind}"
    keys = ("room",)
"""


def test_kinds_of_event_sinks_are_taken_in_and_the_first_of_a_name_counts(tmp_path: Path) -> None:
    for file, kind in (("a", "acme-chat"), ("b", "acme-chat"), ("c", "zaqar-queue")):
        (tmp_path / f"acme_{file}.py").write_text(SINK.format(kind=kind))
    own = EVENT_SINKS["zaqar-queue"]
    found = load_plugins([tmp_path])
    assert [text.split(": ", 1)[1] for text in faults(found)] == [
        f"event sink acme-chat is declared by {tmp_path / 'acme_a.py'} already; that one counts",
        "event sink zaqar-queue is declared by the service itself already; that one counts",
    ]
    assert EVENT_SINKS["zaqar-queue"] is own
    assert type(EVENT_SINKS["acme-chat"]).__module__.endswith("acme_a")
    said = [
        {"type": "acme-chat", "target": "us", "room": 7},
        {"type": "zaqar-queue", "target": "q", "ttl": 60},
    ]
    assert list(load_environment({"event_sinks": said}).event_sinks) == said
    take_back_event_sink("acme-chat", None)
    assert "acme-chat" not in EVENT_SINKS


def test_a_lifecycle_that_cannot_be_made_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text(
        RULES + "    def __init__(self): raise RuntimeError('no settings')\n"
    )
    found = load_plugins([tmp_path])
    assert found.lifecycles == ()
    assert "cannot be imported: RuntimeError: no settings" in faults(found)[0]


# -- packages ---------------------------------------------------------------------------


def points(monkeypatch: pytest.MonkeyPatch, *given: importlib.metadata.EntryPoint) -> None:
    real = importlib.metadata.entry_points

    def entry_points(*, group: str) -> list[importlib.metadata.EntryPoint]:
        return [*real(group=group), *(each for each in given if each.group == group)]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


def point(group: str, value: str) -> importlib.metadata.EntryPoint:
    return importlib.metadata.EntryPoint("acme", value, group)


def test_packages_name_their_types_in_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "acme/it.py")
    (tmp_path / "acme" / "rules.py").write_text(RULES)
    index = 'TYPES = {"Acme::It": "acme.it", "Acme::No": "acme.no"}\nWRONG = 7\n'
    (tmp_path / "acme" / "__init__.py").write_text(index)
    monkeypatch.syspath_prepend(str(tmp_path))
    packaged = point("isotherm.resources", "acme:TYPES")
    rules = point("isotherm.plugins", "acme.rules")
    for each in (packaged, rules):
        vars(each).update(dist=SimpleNamespace(name="acme-isotherm", version="1.0"))
    points(
        monkeypatch,
        packaged,
        point("isotherm.resources", "acme:WRONG"),
        point("isotherm.resources", "acme:MISSING"),
        rules,
        point("isotherm.plugins", "acme.nowhere"),
    )
    found = load_plugins()
    assert "Acme::It" in found.registry
    assert len(found.lifecycles) == 2
    assert found.names.count("acme-isotherm 1.0") == 1
    assert [each.partition(": ")[2].split(": ")[0] for each in faults(found)] == [
        "its index acme:WRONG is no mapping of types to modules",
        "its index acme:MISSING cannot be loaded",
        "type Acme::No cannot be loaded",
        "it cannot be imported",
    ]
