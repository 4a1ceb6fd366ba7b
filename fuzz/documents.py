"""Templates of the examples with slips in them, through every command that reads templates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from click.testing import CliRunner

from fuzz.mutations import mutated, mutated_text
from isotherm.cli import main
from isotherm.core.diagnostics import InvalidDocument
from isotherm.kit.plugins import load_registry
from isotherm.template import PseudoParameters, bind, load_environment, load_template, validate

_ROOT = Path(__file__).parents[1]
_COMMANDS = (("lint",), ("lint", "--json"), ("plan",), ("convert",))


class Broken(Exception):
    """A command ended in another way than with findings; the text names the input."""


def starts() -> list[str]:
    """The texts that are changed: examples and templates of the corpus, in both formats."""
    files = [*_ROOT.glob("examples/**/*.yaml"), *_ROOT.glob("tests/corpus/templates/**/*.yaml")]
    return [file.read_text() for file in sorted(files)]


def documents(seed: int) -> Iterator[str]:
    """Changed templates, without end."""
    random, texts = Random(seed), starts()
    while True:
        text = random.choice(texts)
        if random.random() < 0.25:
            yield mutated_text(text, random)
        else:
            yield _written(mutated(parsed(text), random))


def try_document(text: str, folder: Path) -> None:
    """Raises Broken where a command ends in a traceback, or the language in another error than
    its own."""
    file = folder / "template.yaml"
    file.write_text(text, errors="surrogatepass")
    for command in _COMMANDS:
        result = CliRunner().invoke(main, [*command, str(file)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise Broken(f"isotherm {' '.join(command)}:\n{text}") from result.exception
    try:
        template = load_template(text)
        pseudo = PseudoParameters("id", "stack", "region", "project")
        definition = bind(template, load_environment({}), pseudo=pseudo, files={}, complete=False)
        list(validate(definition, load_registry()))
    except InvalidDocument:
        pass
    except Exception as error:
        raise Broken(f"validate:\n{text}") from error


@cache
def parsed(text: str) -> Any:
    """A template as plain data; dates are texts in it."""
    return yaml.load(text, Loader=_Texts)  # noqa: S506  (examples of our own)


class _Texts(yaml.SafeLoader):
    """Reads dates as the texts they are in templates."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in each if tag != "tag:yaml.org,2002:timestamp"]
        for first, each in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    """``!Sub TEXT`` as the call it stands for."""
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_scalar(node)}  # type: ignore[arg-type]


_Texts.add_multi_constructor("!", _short_tag)


def _written(data: Any) -> str:
    try:
        return str(yaml.safe_dump(data, sort_keys=False))
    except yaml.YAMLError:
        return json.dumps(data)
