"""User data by the distribution's cloud-init, on servers that run."""

from __future__ import annotations

import shutil
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from tests.clients.playing_servers import boot, console, delete, wait_for
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("playing")]

SCRIPT = '#!/bin/sh\necho "the script is $(whoami) on $(hostname)"\n'
CONFIG = """\
#cloud-config
bootcmd: ["echo at boot"]
write_files: [{path: /root/told, content: c2VjcmV0LW9mLW1pbmU=, encoding: b64}]
runcmd: [[sh, -c, 'echo "$(cut -c1-6 /root/told) was written"']]
final_message: cloud-init itself has done this
"""
HANDLER = """\
#part-handler
def list_types():
    return ["text/x-told"]
def handle_part(data, kind, name, payload):
    if kind == "text/x-told":
        print("a handler was given", name, flush=True)
"""


def user_data() -> str:
    """All kinds at once, as Heat gives them to servers."""
    message = MIMEMultipart()
    kinds = {"part-handler": HANDLER, "cloud-config": CONFIG, "x-shellscript": SCRIPT, "x-told": ""}
    for kind, content in kinds.items():
        part = MIMEText(content, kind, "utf-8")
        part.add_header("Content-Disposition", "attachment", filename=f"the-{kind}")
        message.attach(part)
    return message.as_string()


@pytest.mark.parametrize("drive", [False, True], ids=["metadata service", "config drive"])
def test_cloud_init_takes_all_kinds_of_user_data(playing: Service, drive: bool) -> None:
    if shutil.which("cloud-init") is None:
        pytest.skip(
            "CLOUD-INIT IS NOT INSTALLED, so nothing of it is proved: apt-get install cloud-init; "
            "touch /etc/cloud/cloud-init.disabled"
        )
    server = boot(playing, "cloudy", user_data(), config_drive=drive)
    said = wait_for(playing, server, "is up")
    for line in (
        "at boot",
        "secret was written",
        "the script is root on cloudy",
        "a handler was given the-x-told",
        "cloud-init itself has done this",
    ):
        assert line in said
    assert "Traceback" not in said
    assert "ended with status" not in said
    playing.send("POST", f"/compute/v2.1/servers/{server}/action", {"reboot": {"type": "HARD"}})
    again = wait_for(playing, server, "is up", after="the script is root on cloudy")
    assert "the script" not in again, "user data are for the first boot"
    assert "at boot" in console(playing, server)
    delete(playing, server)
