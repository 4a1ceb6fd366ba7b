"""A private RabbitMQ broker."""

import contextlib
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.servers.process import (
    Server,
    ServerFailedError,
    accepts,
    free_ports,
    private_folder,
    replies,
)

_HELLO = b"AMQP\x00\x00\x09\x01"
# Not the wrapper on the PATH: that one insists on the system's own user.
_SEARCH_PATH = "/usr/lib/rabbitmq/bin"


def program(name: str) -> str | None:
    """The path of a server program."""
    return shutil.which(name, path=_SEARCH_PATH) or shutil.which(name)


@contextlib.contextmanager
def running_rabbitmq(*, durable: bool = False) -> Iterator[Server]:
    """Run RabbitMQ while the block runs; its URL is an AMQP one.

    The Erlang port mapper is a private one too, so that no other node is seen.
    `durable` changes nothing: the broker decides by message.
    """
    program_path, port_mapper = program("rabbitmq-server"), program("epmd")
    if not program_path or not port_mapper:
        raise ServerFailedError("rabbitmq-server and epmd are not installed")
    port, distribution_port, mapper_port = free_ports(3)
    with contextlib.ExitStack() as resources:
        folder = resources.enter_context(private_folder("rabbitmq"))
        mapper = resources.enter_context(private_folder("epmd"))
        port_mapping = Server(
            url=f"epmd://127.0.0.1:{mapper_port}",
            argv=[port_mapper, "-address", "127.0.0.1", "-port", str(mapper_port)],
            folder=mapper,
            ready=lambda: accepts(mapper_port),
        )
        resources.enter_context(port_mapping.running())
        env = _environment(folder) | {
            "ERL_EPMD_PORT": str(mapper_port),
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(distribution_port),
            "RABBITMQ_NODENAME": f"isotherm-{port}@localhost",
        }
        server = Server(
            url=f"amqp://guest:guest@127.0.0.1:{port}/",
            argv=[program_path],
            folder=folder,
            ready=lambda: replies(port, _HELLO),
            stop_signal=signal.SIGKILL,
            env=env,
        )
        yield resources.enter_context(server.running())


def _environment(folder: Path) -> dict[str, str]:
    """Everything that would else be read from or written to the system's own places."""
    for name in ("plugins", "rabbitmq.conf", "env.conf"):
        (folder / name).touch()
    return {
        "HOME": str(folder),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
