"""Calling `changxiao` as a person does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.cli import main

Call = Callable[..., tuple[int, str, str]]


def caller(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[Any], *first: str) -> Call:
    """A function that calls the command with the first words and its own: (exit status, printed, error stream)."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["changxiao", *first, *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call
