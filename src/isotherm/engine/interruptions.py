"""What makes the steps of a traversal stop where they are, through no fault of their own."""

from __future__ import annotations


class Overtaken(Exception):
    """A newer traversal (or a shut-down) wants this one to stop where it is."""


class TimedOut(Exception):
    """The traversal's deadline has passed."""


class TimedOutAtHook(TimedOut):
    """It has passed while a step waited at a hook, with nothing under way."""


class Interrupted(Exception):
    """Somebody has ordered something else for the resource that a step works on."""


class PutOff(Exception):
    """Something else has failed, and what waits at a hook is not begun any more."""
