"""Converts templates between HOT and the AWS format, where both can say the same."""

from isotherm.template.conversion.converter import Dialect, convert

__all__ = ["Dialect", "convert"]
