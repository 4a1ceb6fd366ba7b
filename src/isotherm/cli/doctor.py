"""``isotherm doctor``: can the service work with these settings on this machine?"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from isotherm.cli.options import CONFIG, STATE, data_folder
from isotherm.server.checkup import Verdict, examine
from isotherm.server.state_folder import StateFolder

_MARKS = {
    Verdict.WELL: click.style("ok  ", fg="green"),
    Verdict.NOTE: click.style("note", fg="yellow"),
    Verdict.WRONG: click.style("FAIL", fg="red"),
}


@contextlib.contextmanager
def _findings_alone() -> Iterator[None]:
    """What a library logs of a broker or a file that is in trouble, a finding tells better."""
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@click.command()
@CONFIG
@STATE
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def doctor(files: Sequence[Path], state: Path | None, as_json: bool) -> None:
    """Check settings, database, key, broker, cloud, policies, environment, disk and clock.

    Nothing is changed by looking. Exit code 1 if something is wrong; a note is something to
    know that keeps nothing from working.
    """
    with _findings_alone():
        findings = list(examine(files, StateFolder(state or data_folder())))
    if as_json:
        shown = [{**asdict(each), "well": each.verdict is not Verdict.WRONG} for each in findings]
        click.echo(json.dumps({"findings": shown}, indent=2))
    else:
        for each in findings:
            click.echo(f"{_MARKS[each.verdict]} {each.what}: {each.detail}")
    sys.exit(1 if any(each.verdict is Verdict.WRONG for each in findings) else 0)
