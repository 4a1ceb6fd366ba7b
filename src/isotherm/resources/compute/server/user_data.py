"""User data as cloud-init in the server reads them."""

import base64
import email
import json
from collections.abc import Iterator
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from urllib.parse import SplitResult, urlsplit

from isotherm import kit
from isotherm.core.values import reveal
from isotherm.resources import agents
from isotherm.resources.compute.server.properties import Here

RAW, SOFTWARE_CONFIG = "RAW", "SOFTWARE_CONFIG"

BOOT_CONFIG = """\
#cloud-config
output: {all: '| tee -a /var/log/cloud-init-output.log'}
"""

PART_HANDLER = """\
#part-handler
import os

FOLDER = "/var/lib/heat-cfntools"


def list_types():
    return ["text/x-cfninitdata"]


def handle_part(data, content_type, filename, payload):
    if content_type in ("__begin__", "__end__"):
        return
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    path = os.path.join(FOLDER, os.path.basename(filename))
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(payload if isinstance(payload, bytes) else payload.encode())
"""
"""Puts what the agent needs where it looks for it."""

LOG_USER_DATA = """\
#!/usr/bin/env python3
import os
import subprocess
import sys
import time

FOLDER = "/var/lib/heat-cfntools"
LOG = "/var/log/heat-provision.log"


def main():
    path = os.path.join(FOLDER, "cfn-userdata")
    os.chmod(path, 0o700)
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    with os.fdopen(os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", 0) as log:
        log.write(time.strftime("Provision began: %Y-%m-%dT%H:%M:%SZ\\n", time.gmtime()).encode())
        run = subprocess.Popen([path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in run.stdout:
            log.write(line)
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        code = run.wait()
        log.write(time.strftime("Provision done: %Y-%m-%dT%H:%M:%SZ\\n", time.gmtime()).encode())
    if code == 0:
        open(os.path.join(FOLDER, "provision-finished"), "w").close()
    return code


sys.exit(main())
"""
"""Runs the script that the user data are, and keeps what it prints."""

_INIT_DATA = "x-cfninitdata"
_SUBTYPES = (
    ("#!", "x-shellscript"),
    ("#cloud-config", "cloud-config"),
    ("#cloud-boothook", "cloud-boothook"),
    ("#include", "x-include-url"),
    ("#part-handler", "part-handler"),
)


async def encoded(ctx: Here) -> str | None:
    """``user_data`` of the create call in Base64; None where there are none. User data that
    are the id of a software configuration mean its content."""
    props, text = ctx.props, ctx.props.user_data
    if text and props.user_data_format in (RAW, SOFTWARE_CONFIG):
        found = await ctx.software.config(text)
        if found is not None:
            text = found.config if isinstance(found.config, str) else json.dumps(found.config)
    if props.user_data_format != RAW:
        text = _multipart(ctx, text, await _door(ctx))
    return base64.b64encode(text.encode()).decode() if text else None


async def _door(ctx: Here) -> SplitResult | None:
    """Where the CloudFormation door is; None where the cloud has none, and nobody needs it."""
    try:
        return urlsplit(await ctx.users.metadata_server())
    except kit.Refused:
        return None


def _multipart(ctx: Here, text: str, door: SplitResult | None) -> str:
    # The boundary is a given one, so that a repeated call sends the same.
    message = MIMEMultipart(boundary=f"==={ctx.intent.token}===")
    for part in _parts(ctx, text, door):
        message.attach(part)
    return message.as_string()


def _parts(ctx: Here, text: str, door: SplitResult | None) -> Iterator[Message]:
    """In the order in which images expect them."""
    yield _part(BOOT_CONFIG, "boot-config")
    yield _part(PART_HANDLER, "part-handler.py")
    if ctx.props.user_data_format == SOFTWARE_CONFIG:
        yield from _parts_of(text)
    elif text.startswith("#!"):
        yield _part(text, "cfn-userdata", _INIT_DATA)
        yield _part(LOG_USER_DATA, "loguserdata.py")
    elif text:
        yield _part(text, "user-data")
    if metadata := _first_metadata(ctx):
        yield _part(json.dumps(metadata), "cfn-init-data", _INIT_DATA)
    if door is not None:
        yield _part(f"{door.scheme}://{door.netloc}/", "cfn-metadata-server", _INIT_DATA)
        yield _part(_tool_settings(door), "cfn-boto-cfg", _INIT_DATA)


def _tool_settings(door: SplitResult) -> str:
    """Where cfn-init and its like find the CloudFormation door; they know its path."""
    secure = int(door.scheme == "https")
    lines = ("[Boto]", "debug = 0", f"is_secure = {secure}", "https_validate_certificates = 1")
    place = ("cfn_region_name = heat", f"cfn_region_endpoint = {door.hostname or ''}")
    return "\n".join((*lines, *place, ""))


def _first_metadata(ctx: Here) -> kit.Values:
    """The metadata as they are at first: what cfn-init is to do; to an agent, where to ask for more."""
    told: dict[str, kit.Value] = {**ctx.metadata}
    if ctx.props.user_data_format == SOFTWARE_CONFIG:
        told |= {"deployments": [], **agents.own_metadata(ctx.data)}
    opened: kit.Values = reveal(told)
    return opened


def _parts_of(text: str) -> Iterator[Message]:
    """Those of a message with parts one by one; anything else is one part."""
    message = email.message_from_string(text)
    if message.is_multipart():
        yield from (each for each in message.walk() if not each.is_multipart())
    elif text:
        yield _part(text, "user-data")


def _part(text: str, name: str, subtype: str = "") -> MIMEText:
    told = next((kind for start, kind in _SUBTYPES if text.startswith(start)), "plain")
    part = MIMEText(text, subtype or told, "utf-8")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
