"""The version of this code, as it is noted beside what it made."""

from __future__ import annotations

from importlib import metadata


def code_version() -> str:
    """The version of this code, as installed."""
    return metadata.version("changxiao")
