"""Whose eyes a command sees the service with, and how it ends where that goes wrong."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from isotherm.cli.options import DEFAULT_CLOUD
from isotherm.cloud import Settings, SettingsError
from isotherm.core.errors import Conflict, Gone, RemoteError

T = TypeVar("T")


class Exit(IntEnum):
    """Exit codes beyond 0 (fine) and 2 (wrong usage)."""

    FAILED = 1
    MISSING = 3
    UNREACHABLE = 4
    INTERRUPTED = 130


def account(cloud: str | None, cloud_file: Path | None) -> Settings:
    """Raises SettingsError."""
    if cloud is None and os.environ.get("OS_AUTH_URL"):
        return Settings.from_environment(os.environ)
    return Settings.from_clouds_yaml(cloud or DEFAULT_CLOUD, cloud_file, delegates=False)


def is_away(error: RemoteError) -> bool:
    """Whether there was no answer, or one that says to come back later."""
    return error.passes and not isinstance(error, Conflict)


def run_or_exit(
    cloud: str | None, cloud_file: Path | None, work: Callable[[Settings], Coroutine[Any, Any, T]]
) -> T:
    """What ``work`` gives with the account; otherwise the process ends with a reason and an
    exit code."""
    try:
        return asyncio.run(work(account(cloud, cloud_file)))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except SettingsError as error:
        _exit(Exit.FAILED, error)
    except Gone as error:
        _exit(Exit.MISSING, error)
    except RemoteError as error:
        _exit(Exit.UNREACHABLE if is_away(error) else Exit.FAILED, error)


def _exit(code: Exit, error: Exception) -> NoReturn:
    click.echo(f"Error: {error}", err=True)
    sys.exit(code)
