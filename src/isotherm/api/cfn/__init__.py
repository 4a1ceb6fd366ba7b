"""The API for clients of AWS CloudFormation."""

from isotherm.api.cfn.app import build_cloudformation

__all__ = ["build_cloudformation"]
