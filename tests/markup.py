"""Reads answers of the doors for clients of AWS."""

from __future__ import annotations

import re

from tests.asgi import Answer


def found(answer: Answer, name: str) -> list[str]:
    """The texts of all elements of that name."""
    return re.findall(rf"<{name}>(.*?)</{name}>", answer.content.decode(), re.DOTALL)


def code(answer: Answer) -> tuple[int, str]:
    """The status, and what programs know a fault by."""
    return answer.status, "".join(found(answer, "Code"))
