"""What every test may use: the real data beside the checkout, and where it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; a test that needs it skips where it is absent, and never skips in CI."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real data is not at {SHARED_DATA}, and CI must have it")
        pytest.skip(f"the real data is not at {SHARED_DATA}")
    return SHARED_DATA
