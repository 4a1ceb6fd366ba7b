"""The native orchestration API, version 1."""

from isotherm.api.native.app import native_api

__all__ = ["native_api"]
