"""User data as cloud-init in the server reads them."""

import base64
import email
import json
from collections.abc import Iterator, Mapping
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

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
    document = text if props.user_data_format == RAW else _multipart(ctx, text)
    return base64.b64encode(document.encode()).decode() if document else None


def _multipart(ctx: Here, text: str) -> str:
    # The boundary is a given one, so that a repeated call sends the same.
    message = MIMEMultipart(boundary=f"==={ctx.intent.token}===")
    message.attach(_part(BOOT_CONFIG, "boot-config"))
    if ctx.props.user_data_format == SOFTWARE_CONFIG:
        message.attach(_part(PART_HANDLER, "part-handler.py"))
        message.attach(_part(json.dumps(_first_metadata(ctx)), "cfn-init-data", "x-cfninitdata"))
        for part in _parts_of(text):
            message.attach(part)
    elif text:
        message.attach(_part(text, "user-data"))
    return message.as_string()


def _first_metadata(ctx: Here) -> Mapping[str, kit.Value]:
    """What the agent starts with: where to ask for more."""
    own: Mapping[str, kit.Value] = reveal({"deployments": [], **agents.own_metadata(ctx.data)})
    return own


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
