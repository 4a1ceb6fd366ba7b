"""Run servers in the foreground: `python -m tests.servers postgresql rabbitmq`.

Prints one line of JSON, `{kind: url}`, once all of them answer, and keeps them until
it is interrupted; with `--while-locked FILE` until nobody holds a lock on FILE, which
is then emptied.
"""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import sys
from pathlib import Path
from typing import TextIO

from tests.servers.install import MissingServerError, ensure_installed
from tests.servers.mariadb import running_mariadb
from tests.servers.postgresql import running_postgresql
from tests.servers.process import ServerFailedError
from tests.servers.rabbitmq import running_rabbitmq

LAUNCHERS = {
    "postgresql": running_postgresql,
    "mariadb": running_mariadb,
    "rabbitmq": running_rabbitmq,
}


def main() -> None:
    """Entry point; exits 1 with the reason when a server cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("kinds", nargs="+", choices=sorted(LAUNCHERS), metavar="KIND")
    parser.add_argument("--durable", action="store_true", help="wait for the disk on commit")
    parser.add_argument("--while-locked", type=Path, metavar="FILE")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        ensure_installed(options.kinds)
        with contextlib.ExitStack() as open_things:
            # Held until the servers have stopped.
            lock = open_things.enter_context(Path(options.while_locked or os.devnull).open("a"))
            urls = {
                kind: open_things.enter_context(LAUNCHERS[kind](durable=options.durable)).url
                for kind in options.kinds
            }
            print(json.dumps(urls), flush=True)
            _wait(lock if options.while_locked else None)
    except (MissingServerError, ServerFailedError) as problem:
        sys.exit(str(problem))


def _wait(lock: TextIO | None) -> None:
    if lock is None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
        return
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.truncate(0)


if __name__ == "__main__":
    main()
