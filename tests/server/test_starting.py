"""What keeps a service from starting is one line: what, where, and what to do."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.cli import main
from isotherm.server.errors import ConfigurationError
from isotherm.server.listener import Listener
from isotherm.server.state_folder import StateFolder, StateFolderInUse

pytestmark = pytest.mark.usefixtures("service_leaves_no_trace")


def test_an_address_that_cannot_be_had_is_told_with_the_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"127.0.0.1:{port}: another process does so"):
            Listener("127.0.0.1", port)
    with pytest.raises(ConfigurationError, match="this machine has no such address"):
        Listener("192.0.2.1", 0)
    with pytest.raises(ConfigurationError, match="no machine of this name is known"):
        Listener("nowhere.invalid", 0)


def test_addresses_of_the_next_generation_are_listened_at() -> None:
    listener = Listener("::1", 0)
    assert listener.url.startswith("http://[::1]:")
    listener.close()


@pytest.mark.parametrize("listen", ["8004", ":8004", "127.0.0.1:", "127.0.0.1:70000"])
def test_an_address_that_is_none_is_wrong_usage(listen: str) -> None:
    done = CliRunner().invoke(main, ["serve", "--listen", listen])
    assert done.exit_code == 2
    assert "give HOST:PORT, such as 127.0.0.1:8004" in done.output


def test_a_state_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"the state folder .* Not a directory; name an"):
        StateFolder(tmp_path / "file" / "state").create()
    first = StateFolder(tmp_path / "state")
    first.create()
    first.lock()
    with (
        closing(first),
        pytest.raises(StateFolderInUse, match="or name another folder"),
    ):
        StateFolder(tmp_path / "state").lock()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "[DEFAULT]\nlog_file = /nowhere/isotherm.log\n",
            "[DEFAULT] log_file: /nowhere/isotherm.log cannot be written: No such file",
        ),
        ("[DEFAULT]\ntransport_url = zmq://x\n", "[DEFAULT] transport_url: not the URL of a Rabb"),
        ("[database]\nconnection = mine\n", "[database] connection: the URL cannot be read; post"),
    ],
)
def test_an_option_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text(text)
    arguments = ["--config", str(file), "--state", str(tmp_path / "state")]
    done = CliRunner().invoke(main, ["serve", "--listen", "127.0.0.1:0", *arguments])
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith(f"Error: {complaint}")


def test_what_a_service_does_not_use_is_not_loaded(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from isotherm.server.buses import open_bus
from isotherm.server.database import bring_up_to_date, open_database
from isotherm.server.options import load_options
from isotherm.server.state_folder import StateFolder
import isotherm.server.process

conf = load_options([])
state = StateFolder(Path({str(tmp_path / "state")!r}))
state.create()
bring_up_to_date(open_database(conf, state))
open_bus(conf)
loaded = {{"alembic", "aio_pika", "aiormq", "psycopg", "pygments", "pymysql"}} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_mistyped_command_is_told_what_it_may_have_been() -> None:
    done = CliRunner().invoke(main, ["lnt"])
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        2,
        "Error: There is no command 'lnt'; did you mean 'lint'?",
    )


def test_no_help_is_cut_and_none_shows_marks_of_the_source() -> None:
    shown = CliRunner().invoke(main, ["db", "--help"]).output
    assert "not this program's." in " ".join(shown.split())
    for command in main.list_commands(None):  # type: ignore[arg-type]
        assert "``" not in CliRunner().invoke(main, [command, "--help"]).output


@pytest.mark.parametrize("command", ["watch", "timeline", "why", "release", "plan --stack"])
def test_an_empty_name_of_a_stack_is_wrong_usage(command: str) -> None:
    done = CliRunner().invoke(main, [*command.split(), ""])
    assert done.exit_code == 2
    assert "give the name or the id of a stack" in done.output
