"""``python -m isotherm.cli``."""

from isotherm.cli import main

main()
