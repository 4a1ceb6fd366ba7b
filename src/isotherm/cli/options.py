"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import platformdirs

from isotherm.cli.sources import STANDARD_INPUT

DEFAULT_CLOUD = "isotherm"
F = TypeVar("F", bound=Callable[..., Any])


class _Source(click.Path):
    """The name of a file; - stands for standard input."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return STANDARD_INPUT if value == "-" else super().convert(value, param, ctx)


class _StackName(click.types.StringParamType):
    """The name or the id of a stack. An empty one is a variable of the shell that is not set."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value.strip() or self.fail("give the name or the id of a stack", param, ctx)


SOURCE = _Source()
STACK = _StackName()
ENVIRONMENTS = click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Environment file; may be repeated, later ones win.",
)
PLUGINS = click.option(
    "--plugins",
    "plugin_folders",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with plug-ins that are no installed packages; may be repeated.",
)
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


def account_options(command: F) -> F:
    """Adds the options that say which account is used."""
    file = click.option(
        "--cloud-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="OS_CLIENT_CONFIG_FILE",
        show_envvar=True,
        help="That clouds.yaml, if not where OpenStack clients look.",
    )
    cloud = click.option(
        "--cloud",
        envvar="OS_CLOUD",
        help="Entry of a clouds.yaml; by default OS_CLOUD, then the account that OS_AUTH_URL, "
        f"OS_USERNAME and so on name, then {DEFAULT_CLOUD!r}.",
    )
    return cloud(file(command))
