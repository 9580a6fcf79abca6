"""Starting the service loads nothing heavy: it must be ready soon."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "scipy", "opencc", "adbc_driver_manager", "alembic", "statsmodels", "sklearn", "pyarrow", "numpy")
SCRIPT = """
import sys
from starlette.testclient import TestClient
from api.app import create_app
with TestClient(create_app()) as client:
    assert client.get("/readyz").status_code == 200, client.get("/readyz").text
print(" ".join(name for name in {heavy!r} if name in sys.modules))
"""


def test_nothing_heavy_is_loaded_before_the_first_readyz(store):
    root = Path(__file__).resolve().parents[2]
    script = SCRIPT.format(heavy=HEAVY)
    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=store.home,
        env={"CHANGXIAO_HOME": str(store.home), "PYTHONPATH": str(root), "PATH": ""},
    )
    assert found.stdout.strip() == ""


def test_an_app_is_made_without_touching_the_disk(tmp_path):
    from api.app import create_app
    from warning.store.settings import Settings

    create_app(Settings(home=tmp_path / "nowhere"))
    assert list(tmp_path.iterdir()) == []
