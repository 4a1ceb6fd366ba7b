"""A pacemaker on a thread of its own: a busy event loop cannot lose a lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from isotherm.ports.store import StoreUnavailable

log = logging.getLogger(__name__)


class ThreadPacemaker:
    """Beats every ``seconds`` of real time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, beat: Callable[[], None]) -> None:
        self._thread = threading.Thread(
            target=self._run, args=(beat,), name="lease-renewal", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self, beat: Callable[[], None]) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                beat()
            except StoreUnavailable as away:
                log.warning("the leases could not be renewed: %s", away)
            except Exception:
                # The database may be away for a moment; the lease outlives several beats.
                log.exception("the leases could not be renewed")
