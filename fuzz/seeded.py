"""``python -m fuzz.seeded [TARGET] [--seed N] [--seconds N]``: without a tool to install.

The same seed makes the same inputs; the one that broke something is shown.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from fuzz.documents import documents, try_document
from fuzz.service import fuzz_aws_requests, fuzz_requests


def fuzz_documents(seed: int, seconds: float) -> int:
    """How many documents were tried; raises Broken."""
    begun, count = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        for text in documents(seed):
            try_document(text, Path(folder))
            count += 1
            if time.monotonic() - begun > seconds:
                break
    return count


TARGETS = {
    "documents": fuzz_documents,
    "requests": fuzz_requests,
    "aws-requests": fuzz_aws_requests,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="*", choices=[*TARGETS, []], help="all if none is named")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    for target in asked.target or TARGETS:
        print(f"{target}, seed {asked.seed}:", end=" ", flush=True)
        print(f"{TARGETS[target](asked.seed, asked.seconds)} tried, nothing found")


if __name__ == "__main__":
    main()
