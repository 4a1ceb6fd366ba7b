"""Imported by the process that the programs of ``tests.clients.programs`` are forked from.

All commands of ``openstack`` with their plug-ins, which it loads whichever is asked for.
"""

from __future__ import annotations

import gc
import logging
from importlib.metadata import distributions

import openstackclient.shell  # noqa: F401

_log = logging.getLogger(__name__)


def _load_commands() -> None:
    for distribution in distributions():
        for each in distribution.entry_points:
            if not each.group.startswith("openstack."):
                continue
            try:
                each.load()
            except (ImportError, AttributeError) as error:
                # What is named and does not exist, the program leaves out as well.
                _log.debug("%s is not there: %s", each, error)


_load_commands()
# What is here stays: forks do not copy it to look for garbage in it.
gc.freeze()
