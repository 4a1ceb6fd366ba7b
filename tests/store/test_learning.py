"""Threads of the store may read any record at once, from the first one on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import isotherm.store

ROOM = Path(isotherm.store.__file__).parent

# In a process of its own: here some test has read all types already. The function is what
# msgspec calls for each annotation of a type that it learns.
PROGRAM = """
import msgspec._utils
from isotherm.store import measures, rows, watches

def refuse(name):
    raise AssertionError(f"{name} is learnt when it is first read")

msgspec._utils._forward_ref = refuse
kinds = [each._record for each in vars(rows).values() if isinstance(each, rows.Shape)]
kinds += [measures.Sum, measures.Series, watches.Watch, watches.Call, watches.Past]
for kind in kinds:
    msgspec.json.Decoder(kind)
print(len(kinds), "kinds are known")
"""


def test_the_types_of_records_are_known_before_threads_read_them() -> None:
    """Two threads that have msgspec learn a type at the same time end the process."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_whatever_the_store_reads_is_learnt_when_it_is_imported() -> None:
    reads = re.compile(r"msgspec\.\w+\.decode\([^\n]*type=(?!_|kind)|msgspec\.\w+\.Decoder\(")
    for file in ROOM.glob("*.py"):
        if file.name not in ("learning.py", "encoding.py"):
            assert not reads.search(file.read_text()), f"{file.name}: say learnt(…) of the type"
