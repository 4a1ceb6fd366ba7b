"""Where log lines go and how they look, as the options say."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from isotherm.core.tracing import tracing
from isotherm.server.logs import set_up_logging
from isotherm.server.options import load_options

pytestmark = pytest.mark.usefixtures("service_leaves_no_trace")


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "isotherm.log"


def set_up(log_file: Path, *options: str, level: str | None = None) -> None:
    config = log_file.with_suffix(".conf")
    config.write_text("\n".join(["[DEFAULT]", f"log_file = {log_file}", *options]))
    set_up_logging(load_options([config]), level)


def tell() -> None:
    log = logging.getLogger("isotherm.engine")
    log.debug("quiet")
    with tracing(request_id="req-1", stack_id="s1", traversal="3"):
        log.info("told to %s", "all", extra={"fields": {"seconds": 1.5}})
    for library in ("sqlalchemy.engine", "keystoneauth.session", "asyncio"):
        logging.getLogger(library).info("how it works inside")


def test_text_has_time_level_logger_and_ids(log_file: Path) -> None:
    set_up(log_file)
    tell()
    (line,) = log_file.read_text().splitlines()
    time, _, rest = line.partition(" ")
    assert time.endswith("Z")
    assert rest == "INFO isotherm.engine: [req-1 stack=s1 traversal=3] told to all"


def test_json_has_the_same_and_the_fields(log_file: Path) -> None:
    set_up(log_file, "use_json = true")
    tell()
    (line,) = log_file.read_text().splitlines()
    told = json.loads(line)
    assert told.pop("time")
    assert told == {
        "level": "INFO",
        "logger": "isotherm.engine",
        "message": "told to all",
        "request_id": "req-1",
        "stack_id": "s1",
        "traversal": "3",
        "seconds": 1.5,
    }


@pytest.mark.parametrize(("options", "level"), [(["debug = true"], None), ([], "debug")])
def test_debug_tells_more_but_nothing_of_statements_and_bodies(
    options: list[str], level: str | None, log_file: Path
) -> None:
    set_up(log_file, *options, level=level)
    tell()
    told = log_file.read_text()
    assert "quiet" in told
    assert "asyncio: how it works" in told
    assert "sqlalchemy" not in told
    assert "keystoneauth" not in told


def test_what_comes_from_outside_cannot_pass_for_a_line(log_file: Path) -> None:
    set_up(log_file)
    logging.getLogger("isotherm").warning("%s", "first\n2026 INFO forged: second")
    assert len(log_file.read_text().splitlines()) == 1


def test_a_file_that_was_moved_away_is_opened_again(log_file: Path) -> None:
    set_up(log_file)
    tell()
    log_file.rename(log_file.with_suffix(".1"))
    tell()
    assert len(log_file.read_text().splitlines()) == 1
