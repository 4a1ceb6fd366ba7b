"""``python -m fuzz [FOLDER] [OPTION…]``: run until something is found or the time is over.

Needs atheris, which is no dependency of the project: ``pip install atheris``. The options
are libFuzzer's, such as ``-max_total_time=600``; FOLDER keeps the inputs that reached new
code. An input that was found is a file: ``python -m fuzz FILE`` runs it again.
"""

from __future__ import annotations

import sys

try:
    import atheris
except ModuleNotFoundError:
    sys.exit("atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["isotherm.core", "isotherm.template"]):
    from fuzz.targets import try_input

atheris.Setup(sys.argv, try_input)
atheris.Fuzz()
