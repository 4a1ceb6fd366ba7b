"""User data as cloud-init in the server reads them."""

import base64
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

BOOT_CONFIG = """\
#cloud-config
output: {all: '| tee -a /var/log/cloud-init-output.log'}
"""

_SUBTYPES = (
    ("#!", "x-shellscript"),
    ("#cloud-config", "cloud-config"),
    ("#cloud-boothook", "cloud-boothook"),
    ("#include", "x-include-url"),
    ("#part-handler", "part-handler"),
)


def encode(text: str, form: str, boundary: str) -> str | None:
    """``user_data`` of the create call in Base64; None where there are none.

    Any ``form`` but RAW is a MIME document of the boot configuration and the text.
    ``boundary`` is given, so that a repeated call sends the same.
    """
    document = text if form == "RAW" else _multipart(text, boundary)
    return base64.b64encode(document.encode()).decode() if document else None


def _multipart(text: str, boundary: str) -> str:
    message = MIMEMultipart(boundary=f"==={boundary}===")
    message.attach(_part(BOOT_CONFIG, "boot-config"))
    if text:
        message.attach(_part(text, "user-data"))
    return message.as_string()


def _part(text: str, name: str) -> MIMEText:
    subtype = next((kind for start, kind in _SUBTYPES if text.startswith(start)), "plain")
    part = MIMEText(text, subtype, "utf-8")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
