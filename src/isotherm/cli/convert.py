"""``isotherm convert``: a template in the other format."""

from __future__ import annotations

from pathlib import Path

import click

from isotherm.cli.findings import print_mistakes
from isotherm.cli.options import SOURCE
from isotherm.cli.sources import SourceError, read_source
from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import Dialect, dump_template, parse_template
from isotherm.template import convert as convert_template


@click.command()
@click.argument("file", type=SOURCE)
@click.option(
    "--to",
    "wanted",
    type=click.Choice([each.name.lower() for each in Dialect]),
    help="Format to write; by default the one that FILE is not in.",
)
def convert(file: Path, wanted: str | None) -> None:
    """Write the template FILE in the other format, HOT or AWS CloudFormation, to standard output.

    Both describe the same stack. Nothing is left out: what the other format cannot say is
    an error with its place, and the exit code is 1.
    """
    try:
        source = read_source(file)
        template, found = parse_template(source, file=str(file))
        found.strict().raise_errors()
        if wanted == Dialect.of(template).name.lower():
            raise click.UsageError(f"{file} is in that format already")
        click.echo(dump_template(convert_template(template)), nl=False)
    except InvalidDocument as invalid:
        print_mistakes(invalid, file)
        raise SystemExit(1) from None
    except SourceError as error:
        raise click.UsageError(str(error)) from None
