"""The door for clients of CloudWatch: measures, and the alarms about them."""

from isotherm.api.cloudwatch.app import build_cloudwatch

__all__ = ["build_cloudwatch"]
