"""One server serves all processes of a run and ends with the last of them."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.servers.process import replies

# Uses the server until it is killed.
_USER = """
import sys
from pathlib import Path
from tests.servers.sharing import shared
with shared("mariadb", Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def users(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _USER, str(tmp_path)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def _answers(url: str) -> bool:
    port = urlsplit(url).port
    assert port
    return replies(port)


def _wait_for_end(address: Path) -> None:
    """The server's process holds the lock until it has stopped, and empties the file."""
    with address.open() as lock:
        while True:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not address.read_text():
                return
            fcntl.flock(lock, fcntl.LOCK_UN)


@pytest.mark.timeout(60)
def test_server_lives_from_the_first_to_the_last_user(
    users: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    urls = {process.stdout.readline().strip() for process in users if process.stdout}
    assert len(urls) == 1
    (url,) = urls
    assert _answers(url)

    *others, last = users
    for process in others:
        process.kill()
        process.wait()
    assert _answers(url)

    last.kill()
    last.wait()
    _wait_for_end(tmp_path / "mariadb.url")
    assert not _answers(url)
