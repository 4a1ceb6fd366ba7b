"""Prints the index of the corpus: ``python -m tests.corpus``."""

from __future__ import annotations

from tests.corpus.entries import Entry, entries


def main() -> None:
    for entry in entries():
        print(_line(entry))


def _line(entry: Entry) -> str:
    template = entry.template
    types = {each.type.removeprefix("OS::") for each in template.resources.values()}
    functions = {each.syntax.partition(":")[0] for each in entry.functions()}
    description = " ".join(str(template.description).split())
    parts = (", ".join(sorted(types)), ", ".join(sorted(functions)))
    return f"{entry.name} [{template.version.number}] {description} ({'; '.join(parts)})"


if __name__ == "__main__":
    main()
