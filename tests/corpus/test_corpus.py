"""Every template of the corpus parses, binds, validates, plans and prints, always the same."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.corpus.describing import describe
from tests.corpus.entries import PLANS, REWRITE, TEMPLATES, Entry, entries, rewriting
from tests.corpus.entries import registered_types as types

from isotherm.template import (
    dump_template,
    functions_of,
    load_template,
    template_versions,
    validate,
)
from isotherm.template.printing import dump_json

ENTRIES = entries()
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


@each_entry
def test_nothing_is_wrong_with_it(entry: Entry) -> None:
    found = validate(entry.definition, entry.types)
    assert [str(each) for each in found] == []


@each_entry
def test_what_is_printed_reads_the_same(entry: Entry) -> None:
    printed = dump_template(entry.template)
    read = load_template(printed)
    assert read.data == entry.template.data
    assert dump_template(read) == printed
    assert load_template(dump_json(entry.template.data)).data == entry.template.data


@each_entry
def test_the_plan_is_the_stored_one(entry: Entry) -> None:
    text = describe(entry)
    if rewriting():
        entry.plan_file.parent.mkdir(parents=True, exist_ok=True)
        entry.plan_file.write_text(text, encoding="utf-8")
    assert entry.plan_file.exists(), f"no plan is stored; run once with {REWRITE}=1"
    assert text == entry.plan_file.read_text(encoding="utf-8")
    assert text == describe(Entry(entry.file))


def test_every_stored_plan_has_its_template() -> None:
    stored = {file for file in PLANS.rglob("*") if file.is_file()}
    orphans = stored - {entry.plan_file for entry in ENTRIES}
    if rewriting():
        for file in orphans:
            file.unlink()
    else:
        assert orphans == set()


def test_every_environment_has_its_template() -> None:
    environments = {file.name for file in TEMPLATES.rglob("*.env.yaml")}
    assert environments <= {f"{entry.file.stem}.env.yaml" for entry in ENTRIES}


def test_the_corpus_is_large_and_varied() -> None:
    assert len(ENTRIES) >= 150
    descriptions = Counter(str(entry.template.description) for entry in ENTRIES)
    assert [text for text, count in descriptions.items() if count > 1 or len(text) < 20] == []


def test_every_registered_type_occurs() -> None:
    used = {each.type for entry in ENTRIES for each in entry.template.resources.values()}
    assert types().keys() - used == set()


def test_every_version_occurs() -> None:
    used = {entry.template.version.key for entry in ENTRIES}
    assert {version.key for version in template_versions()} - used == set()


def test_every_function_occurs_in_every_dialect_that_has_it() -> None:
    """A function that means different things in different versions counts once for each."""
    offered = {
        (version.section, function)
        for version in template_versions()
        for function in (
            *version.functions.values(),
            *functions_of(version.key, with_conditions=True).values(),
            *version.condition_functions.values(),
        )
    }
    used = {
        (entry.template.version.section, function)
        for entry in ENTRIES
        for function in entry.functions()
    }
    missing = {f"{section}: {each.__name__} ({each.syntax})" for section, each in offered - used}
    assert missing == set()
