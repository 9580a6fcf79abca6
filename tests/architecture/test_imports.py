"""What importing costs: a module loads what it needs, and nothing heavy before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "adbc_driver_postgresql",
    "adbc_driver_sqlite",
    "alembic",
    "pandas",
    "pandera",
    "pyarrow",
    "scipy",
    "sklearn",
    "statsmodels",
)
SERVERS = ("fastapi", "sqlalchemy", "uvicorn")


def loaded_by(statement: str) -> set[str]:
    """The packages loaded in a fresh process after a statement."""
    code = (
        f"{statement}\nimport sys, json\nprint(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return set(json.loads(answer.stdout.splitlines()[-1]))


@pytest.mark.parametrize("root", ["pipelines.cli", "api.app"])
def test_a_root_loads_nothing_heavy(root: str) -> None:
    assert not loaded_by(f"import {root}") & set(HEAVY)


def test_making_the_service_loads_nothing_heavy() -> None:
    assert not loaded_by("from api.app import create_app; create_app()") & set(HEAVY)


@pytest.mark.parametrize("room", ["warning", "models", "pipelines", "api"])
def test_a_room_by_itself_loads_nothing(room: str) -> None:
    assert not loaded_by(f"import {room}") & {*HEAVY, *SERVERS, "numpy"}


@pytest.mark.parametrize("module", ["warning.catalog", "warning.quality", "warning.errors", "warning.names"])
def test_words_and_facts_need_no_numbers(module: str) -> None:
    assert not loaded_by(f"import {module}") & {*HEAVY, *SERVERS}


def test_deciding_needs_numpy_and_no_server() -> None:
    assert not loaded_by("import warning.assess, warning.alerts, warning.absorption") & {*HEAVY, *SERVERS}


def test_the_import_rules_are_kept() -> None:
    script = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run([script, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
    assert "0 broken" in answer.stdout
