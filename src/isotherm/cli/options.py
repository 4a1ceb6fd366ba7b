"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click
import platformdirs

CONFIG = click.option(
    "--config",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Configuration file, with the option names of a heat.conf; may be repeated.",
)
STATE = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for everything that must outlive the process; by default the user's data folder.",
)


def data_folder() -> Path:
    """Where the service keeps its state if nobody says where."""
    return Path(platformdirs.user_data_dir("isotherm"))
