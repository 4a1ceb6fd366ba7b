"""Where log lines go, and how they look."""

from __future__ import annotations

import logging
import logging.handlers
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from oslo_config import cfg

from isotherm.core.tracing import traced
from isotherm.server.errors import ConfigurationError

# They tell every statement and every request body, with what is secret in it.
_NEVER_BELOW_WARNING = ("aiormq", "aio_pika", "keystoneauth", "sqlalchemy", "urllib3")
# Of use to who looks for a fault, and to nobody else.
_QUIET = ("alembic", "asyncio", "oslo_policy", "stevedore", "uvicorn")
# Of both we tell in one line; the libraries would add a traceback each time.
_SILENT = ("aiormq", "oslo_policy._parser")


def set_up_logging(conf: cfg.ConfigOpts, level: str | None = None) -> None:
    """Send everything to one place; ``level`` goes before the option ``debug``.

    Raises ConfigurationError where the log file cannot be written.
    """
    handler = _handler(conf)
    handler.setFormatter(JsonFormatter() if conf.use_json else TextFormatter())
    chosen = (level or ("debug" if conf.debug else "info")).upper()
    logging.basicConfig(level=chosen, handlers=[handler], force=True)
    logging.captureWarnings(True)
    # A log that cannot be written must not fill another one with that.
    logging.raiseExceptions = False
    for name in (*_NEVER_BELOW_WARNING, *_QUIET):
        quiet = name in _NEVER_BELOW_WARNING or chosen != "DEBUG"
        logging.getLogger(name).setLevel(logging.WARNING if quiet else logging.INFO)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def log_path(conf: cfg.ConfigOpts) -> Path | None:
    """The file that the log goes to; None: to standard error."""
    return Path(conf.log_dir or "", conf.log_file) if conf.log_file else None


def _handler(conf: cfg.ConfigOpts) -> logging.Handler:
    path = log_path(conf)
    if path is None:
        return logging.StreamHandler()
    try:
        # Opens the file again when it was moved away.
        return logging.handlers.WatchedFileHandler(path)
    except OSError as error:
        raise ConfigurationError(
            f"[DEFAULT] log_file: {path} cannot be written: {error.strerror}"
        ) from None


class TextFormatter(logging.Formatter):
    """One line a record, for people: time, level, logger, ids, message. Tracebacks follow."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the library's)
        ids = " ".join(_shown(kind, each) for kind, each in traced().items())
        about = f"[{ids}] " if ids else ""
        return f"{_time(record)} {record.levelname} {record.name}: {about}{_line(record.message)}"

    def usesTime(self) -> bool:  # noqa: N802
        return False


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for programs; the fields of a record stand beside its message."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **traced(),
            **fields_of(record),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(entry, enc_hook=str).decode()


def fields_of(record: logging.LogRecord) -> Mapping[str, Any]:
    """What was logged with ``extra={"fields": …}``."""
    fields: Mapping[str, Any] = getattr(record, "fields", {})
    return fields


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(kind: str, value: str) -> str:
    return value if kind.endswith("request_id") else f"{kind.removesuffix('_id')}={value}"


def _line(message: str) -> str:
    """What comes from outside cannot pass for a line of its own."""
    return message.replace("\r", "\\r").replace("\n", "\\n")
