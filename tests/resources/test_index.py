"""The index of types: each is where it says, and nothing is left out."""

import re
from pathlib import Path

import isotherm.resources

FOLDER = Path(isotherm.resources.__file__).parent


def test_the_index_names_every_registered_type_and_its_module() -> None:
    found = {
        name: ".".join(("isotherm", "resources", *path.relative_to(FOLDER).with_suffix("").parts))
        for path in FOLDER.rglob("*.py")
        for name in re.findall(r'^@register\(\s*"([^"]+)"', path.read_text(), re.MULTILINE)
    }
    assert found == isotherm.resources.TYPES
