"""Finds the examples: beside the sources in a checkout, inside the package when installed."""

from __future__ import annotations

from pathlib import Path

import isotherm


def example(name: str) -> Path:
    """The folder of one example. Raises FileNotFoundError."""
    package = Path(isotherm.__file__).parent
    for folder in (package.parents[1] / "examples", package / "examples"):
        if (folder / name).is_dir():
            return folder / name
    raise FileNotFoundError(f"there is no example {name}")
