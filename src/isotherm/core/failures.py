"""Failures as values: kept with the records, told to users as text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something failed, and where.

    ``kind`` is the class of failure as clients know it, ``path`` the place of the culprit
    (``resources.web.resources.disk`` within a nested stack), ``text`` the reason. Kind and path
    are empty where a stack as a whole could not be worked on. ``request_id`` is the cloud's,
    ``row_id`` names the row that failed, ``action`` says what was being done to it; it is empty
    where that had not been begun.
    """

    kind: str
    path: str
    text: str
    request_id: str = ""
    row_id: str = ""
    action: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.path}: {self.text}" if self.path else self.text

    def within(self, path: str) -> Failure:
        """The same as seen from outside of ``path``."""
        return Failure(self.kind, f"{path}.{self.path}", self.text, self.request_id, self.row_id)
