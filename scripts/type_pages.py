"""What the pages of resource types tell from the tests: an example each, and what was checked."""
# ruff: noqa: INP001 -- scripts are no package

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import checked_page
import yaml
from tests.laws.sweep.courses import TYPES, courses, labels, sample_of
from tests.laws.test_sweep import APART

from isotherm.core.schema import PropertySchema
from isotherm.kit import AnyType

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "tests" / "resources" / "facts"
CONTRACTS = ROOT / "tests" / "contracts" / "types"
CORPUS = ROOT / "tests" / "corpus" / "templates"
_NAME = re.compile(r"""["'\s](?P<name>(?:OS|AWS)::[A-Za-z0-9:]+)""")

_HEAD = """\
Made by `make docs` from the tests. What clients know of each type of openstack-heat 27.0.1 (of
hidden types: of the release that had them last) stands in `tests/resources/facts`, and
`tests/resources/test_facts.py` demands that ours is the same. *Swept* is how many courses of its
life `tests/laws/test_sweep.py` disturbs, one call at a time; *contract* names the tests in
`tests/contracts/types` that look at what the cloud then has; *checked against* names the real
service on which such a test passed last (`tests/contracts/checked.json` has what each test found);
*templates* is how many of `tests/corpus` have it."""


def example(name: str) -> str:
    """A template that the tests create, update and delete; empty where they cannot."""
    if name in APART:
        return ""
    sample = sample_of(labels(name)[0])
    it = {"type": name, **({"properties": dict(sample.before)} if sample.before else {})}
    resources = {**{each: dict(made) for each, made in sample.around.items()}, "example": it}
    document = {"heat_template_version": "2021-04-16", "resources": resources}
    return yaml.dump(document, sort_keys=False, Dumper=_Plain)


class _Plain(yaml.SafeDumper):
    """Without anchors for what occurs twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def updates(resource_type: AnyType) -> Iterator[str]:
    """What an update does."""
    schema = resource_type.Properties.schema
    in_place = [name for name, each in schema.items() if each.update_allowed and each.implemented]
    if resource_type.nests:
        yield "An update changes the stack inside."
    elif not in_place:
        yield "Nothing changes in place: another object is made, then this one goes."
    elif len(in_place) == len(schema):
        yield "Everything changes in place."
    else:
        names = ", ".join(f"`{name}`" for name in in_place)
        yield f"In place change {names}."
        yield "For anything else another object is made, then this one goes."


def combinations(resource_type: AnyType) -> Iterator[str]:
    """Which properties go together, as far as that is declared."""
    for group in resource_type.exclusive:
        yield f"Only one of {_names(group)} may be given."
    for group in resource_type.one_of:
        yield f"One of {_names(group)} must be given."
    for first, *others in resource_type.needs:
        yield f"`{first}` is given with {_names(others, ' or ')} only."
    for group in resource_type.rising:
        yield f"None of {_names(group)} may be smaller than one before it."
    for rule in resource_type.where:
        *rest, last = rule.values
        values = f"{', '.join(rest)} or {last}" if rest else last
        condition = f"Where `{rule.name}` is {values}"
        if rule.needs:
            yield f"{condition}, {_names(rule.needs)} must be given."
        if rule.bars:
            yield f"{condition}, {_names(rule.bars, ' or ')} cannot be given."


def _names(names: Iterable[str], between: str = ", ") -> str:
    return between.join(f"`{name}`" for name in names)


def parity() -> Iterator[str]:
    """The page that tells what was compared, and with what."""
    rows = [_row(name) for name in sorted(TYPES)]
    yield "# Types, compared"
    yield ""
    yield _HEAD
    yield ""
    yield f"{len(rows)} types are there. {_missing()}"
    yield ""
    yield f"On real services, {checked_page.counts()}: {_failed()}."
    yield ""
    titles = ("type", "properties", "attributes", "constraints", "swept", "contract")
    yield f"| {' | '.join((*titles, 'checked against', 'templates'))} |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from rows


def _row(name: str) -> str:
    resource_type, facts = TYPES[name], _facts(name)
    schema = resource_type.type_schema()
    cells = (
        f"[{name}](../reference/types/{page_of(name)})",
        _share(_count(schema.properties.values()), _fact_count(facts["properties"].values())),
        _share(len(schema.attributes), len(facts["attributes"])),
        _share(
            _constraints(schema.properties.values()),
            _fact_constraints(facts["properties"].values()),
        ),
        str(sum(1 for each in labels(name) for _ in courses(each)))
        if name not in APART
        else "apart",
        _contracts(name),
        checked_page.checked_against(resource_type),
        str(_in_corpus()[name]),
    )
    return f"| {' | '.join(cells)} |"


def page_of(name: str) -> str:
    return f"{name.replace('::', '-')}.md"


def _failed() -> str:
    return ", ".join(f"`{each}`" for each in checked_page.failures()) or "none"


def _share(ours: int, known: int) -> str:
    if ours > known:
        return f"{known} and {ours - known} more"
    return str(ours) if ours == known else f"{ours} of {known}"


def _missing() -> str:
    known = {path.stem.replace("__", "::") for path in FACTS.glob("*.json")}
    missing = sorted(known - set(TYPES))
    return f"Missing: {', '.join(missing)}." if missing else "None is known here that is not."


@cache
def _facts(name: str) -> Mapping[str, Any]:
    path = FACTS / f"{name.replace('::', '__')}.json"
    found: Mapping[str, Any] = json.loads(path.read_text())
    return found


def _inner(schema: PropertySchema) -> Iterator[PropertySchema]:
    """Itself and all inside it."""
    yield schema
    for each in (schema.fields or {}).values():
        yield from _inner(each)
    if schema.items is not None:
        yield from _inner(schema.items)


def _count(schemas: Iterable[PropertySchema]) -> int:
    return sum(1 for each in schemas for _ in _inner(each))


def _constraints(schemas: Iterable[PropertySchema]) -> int:
    return sum(len(inner.constraints) for each in schemas for inner in _inner(each))


def _inner_facts(fact: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield fact
    for each in (fact.get("schema") or {}).values():
        yield from _inner_facts(each)


def _fact_count(facts: Iterable[Mapping[str, Any]]) -> int:
    return sum(1 for each in facts for _ in _inner_facts(each))


def _fact_constraints(facts: Iterable[Mapping[str, Any]]) -> int:
    return sum(len(i.get("constraints") or ()) for each in facts for i in _inner_facts(each))


def _contracts(name: str) -> str:
    files = sorted(file for file, names in _named_in_contracts().items() if name in names)
    return ", ".join(f"`{each}`" for each in files)


@cache
def _named_in_contracts() -> Mapping[str, frozenset[str]]:
    return {
        path.stem.removeprefix("test_"): frozenset(_NAME.findall(path.read_text()))
        for path in CONTRACTS.glob("test_*.py")
    }


@cache
def _in_corpus() -> Counter[str]:
    """In how many templates of the corpus each type occurs."""
    files = [path for path in CORPUS.rglob("*") if path.suffix in (".yaml", ".json")]
    return Counter(name for path in files for name in set(_NAME.findall(path.read_text())))
