"""What the board draws with is as released: the sums that the table beside the files names, and a licence to each."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from api import dashboard

KEPT = Path(dashboard.__file__).parent / "static" / "vendor"
ROW = re.compile(
    r"^\| (?P<folder>\w+) \| .*`dist/(?P<file>[\w.]+)` \|.*\| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE
)
ROWS = [match.groupdict() for match in ROW.finditer((KEPT / "README.md").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["folder"])
def test_a_kept_file_is_byte_for_byte_as_released(row):
    found = hashlib.sha256((KEPT / row["folder"] / row["file"]).read_bytes()).hexdigest()
    assert found == row["sha256"]
    assert (KEPT / row["folder"] / "LICENSE").stat().st_size > 0


def test_every_kept_script_is_in_the_table():
    named = {KEPT / row["folder"] / row["file"] for row in ROWS}
    assert named == set(KEPT.rglob("*.js")) != set()
