"""The native orchestration API, version 1."""

from isotherm.api.native.app import build_application

__all__ = ["build_application"]
