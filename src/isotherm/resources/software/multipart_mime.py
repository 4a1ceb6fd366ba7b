"""OS::Heat::MultipartMime: several configurations as the parts of one message."""

import email
from collections.abc import Iterator
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.resources.software.configs import UNGROUPED, ConfigType


class MimePart(Properties):
    config: str = prop("The content, or the id of a configuration that has it.")
    filename: str | None = prop("File name of the part.")
    type: str = prop(
        "Whether the content is itself a message with parts.", default="text", allowed=("text", "multipart")
    )
    subtype: str | None = prop("What kind of text it is, such as x-shellscript.")


class MultipartMimeProperties(Properties):
    group: str = prop("The tool on the server that applies it.", default=UNGROUPED, since="14.0.0")
    parts: list[MimePart] = prop("The parts, in this order.", default=[])


@register("OS::Heat::MultipartMime", support=supported("2014.1"))
class MultipartMime(ConfigType[MultipartMimeProperties]):
    """Several configurations as the parts of one message for cloud-init."""

    async def content(self, ctx: kit.Context[MultipartMimeProperties]) -> kit.Fields:
        # A fixed boundary: the same parts give the same message, however often they are put together.
        message = MIMEMultipart(boundary=f"==={ctx.intent.uuid}===")
        for part in ctx.props.parts:
            found = await ctx.software.config(part.config)
            content = part.config if found is None else found.config
            for each in _parts(part, content if isinstance(content, str) else ""):
                message.attach(each)
        return {"group": ctx.props.group, "config": message.as_string()}


def _parts(part: MimePart, content: str) -> Iterator[Message]:
    if part.type == "multipart":
        for each in email.message_from_string(content).walk():
            if each.get_content_maintype() != "multipart":
                yield each
        return
    text = MIMEText(content, part.subtype or "plain")
    if part.filename:
        text.add_header("Content-Disposition", "attachment", filename=part.filename)
    yield text
