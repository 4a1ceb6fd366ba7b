"""``isotherm new-type``: the beginning of a resource type, with a test that passes."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

import click

_NAME = re.compile(r"[A-Z]\w*(::[A-Z]\w*)+", re.ASCII)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z0-9]+")

_TYPE = '''\
"""{name}: one sentence about it."""

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register
from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

{service_constant} = declare(Service("{service}", version="v1"))
{constant} = {service_constant}.entity(
    "{key}",
    "{path}",
    finder=Finder("{finder}"),
)


class {title}Properties(Properties):
    name: str | None = changeable("Name; by default one is made up.")
    size: int = changeable("What it is for.", default=1, ge=1)
    colour: str | None = prop("Another one needs another object.")


@register("{name}")
class {title}(kit.EntityType[{title}Properties]):
    """One sentence about it, which clients show."""

    entity = {constant}
    status_field = "status"
    ready_statuses = frozenset({{"ACTIVE"}})
    failed_statuses = frozenset({{"ERROR"}})
    attributes = (attr("size", int, "Its size."),)
'''

_TEST = '''\
"""{name}: its life, on a cloud in memory."""

import asyncio

from isotherm.kit import Failed, Outcome, Ready
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

from {module} import {constant}, {title}


def begin(status: str = "ACTIVE") -> ResourceRun:
    """A run on a cloud in memory, whose objects go to ``status``."""
    cloud = RecordingCloud(entities=({constant},))
    run = ResourceRun.begin({title}(), {{"colour": "red"}}, cloud)

    def move_on() -> None:
        for physical_id in cloud.objects({constant}):
            cloud.put({constant}, physical_id, status=status)

    run.world = move_on
    return run


def test_it_lives() -> None:
    async def live() -> None:
        run = begin()
        assert isinstance(await run.create(), Ready)
        (made,) = run.cloud.made("create")
        assert made.body == {{"name": "stack-it-token", "size": 1, "colour": "red"}}
        assert await run.attribute("size") == 1
        assert isinstance(await run.update({{"colour": "red", "size": 2}}), Ready)
        assert [each.body for each in run.cloud.made("update")] == [{{"size": 2}}]
        assert isinstance(await run.delete(), Ready)
        assert run.cloud.objects({constant}) == {{}}

    asyncio.run(live())


def test_a_failed_one_is_told() -> None:
    outcome: Outcome = asyncio.run(begin("ERROR").create())
    assert isinstance(outcome, Failed)
    assert "ERROR" in outcome.reason


def test_it_is_found_again_after_a_lost_answer() -> None:
    async def live() -> None:
        run = begin()
        await run.create()
        found = await run.type.find(run.crash().ctx)
        assert [each.physical_id for each in found] == [run.ctx.physical_id]

    asyncio.run(live())
'''


@dataclass(frozen=True, slots=True)
class _Words:
    """How the parts of a type are called in code."""

    name: str
    service: str
    path: str

    @property
    def title(self) -> str:
        return self.name.rpartition("::")[2]

    @property
    def module(self) -> str:
        return "_".join(_WORD.findall(self.title)).lower()

    def filled(self, text: str) -> str:
        plain = re.sub(r"\W", "_", self.service)
        return text.format(
            name=self.name,
            title=self.title,
            module=self.module,
            key=self.module,
            constant=self.module.upper(),
            service=self.service,
            service_constant=f"{plain.upper()}_SERVICE",
            finder=f"{plain.lower()}.{self.module}",
            path=self.path,
        )


@click.command("new-type")
@click.argument("name")
@click.option("--service", default="", help="Service type, as in the catalogue.")
@click.option("--path", default="", help="Where its objects lie below the endpoint (/anvils).")
@click.option(
    "--into",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder to write to, by default the present one.",
)
def new_type(name: str, service: str, path: str, folder: Path) -> None:
    """Write the beginning of the resource type NAME (Acme::Anvil), and a test of it.

    Both files work as they are: run pytest on the test, then change them together. A file that
    is there already is left alone, and the exit code is 2.
    """
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"{name} is no name of a type: call it like Acme::Anvil")
    words = _Words(name, service or name.partition("::")[0].lower(), path)
    words = _Words(name, words.service, path or f"/{words.module.replace('_', '-')}s")
    files = {
        folder / f"{words.module}.py": words.filled(_TYPE),
        folder / f"test_{words.module}.py": words.filled(_TEST),
    }
    for file in files:
        if file.exists():
            raise click.UsageError(f"{file} is there already")
    for file, text in files.items():
        try:
            file.write_text(text)
        except OSError as error:
            raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
        click.echo(f"wrote {file}")
    # Who installs the service alone has none.
    first = "" if importlib.util.find_spec("pytest") else "pip install pytest, then "
    click.echo(
        f"Try it: {first}pytest {folder / f'test_{words.module}.py'}\n"
        "Use it: name the folder in [isotherm] plugin_folders, or the module in a package's index."
    )
