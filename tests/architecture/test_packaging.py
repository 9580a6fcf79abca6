"""The four rooms are ours, the wheel names them, and the locks say what pyproject.toml asks for."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("warning", "models", "pipelines", "api")
LOCKS = ("base", "dev", "build")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def pins(lock: str) -> dict[str, set[Version]]:
    """Versions by package; a package has several where they depend on the platform."""
    found: dict[str, set[Version]] = {}
    for name, version in PIN.findall((ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(Version(version))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_belongs_to_us(room: str) -> None:
    spec = importlib.util.find_spec(room)
    assert spec is not None, f"{room} cannot be imported: is the project installed?"
    assert spec.origin == str(ROOT / room / "__init__.py"), f"{room} is somebody else's: {spec.origin}"


def test_the_wheel_names_its_packages() -> None:
    assert project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(ROOMS)
    assert "Private :: Do Not Upload" in project()["project"]["classifiers"]


def test_the_command_is_installed_and_answers() -> None:
    script = Path(sys.executable).parent / "changxiao"
    answer = subprocess.run([script, "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "changxiao" in answer.stdout


@pytest.mark.parametrize("lock", ["base", "dev"])
def test_a_lock_holds_every_dependency_in_a_version_asked_for(lock: str) -> None:
    asked = list(project()["project"]["dependencies"])
    asked += project()["dependency-groups"]["dev"] if lock == "dev" else []
    missing = [text for text in asked if not _held(Requirement(text), pins(lock))]
    assert not missing, f"requirements/{lock}.lock lacks {missing}: run `make lock`"


def test_the_build_lock_holds_the_build_backend() -> None:
    asked = [*project()["build-system"]["requires"], *project()["dependency-groups"]["build"]]
    assert all(_held(Requirement(text), pins("build")) for text in asked), "run `make lock`"


def _held(asked: Requirement, held: dict[str, set[Version]]) -> bool:
    return any(version in asked.specifier for version in held.get(canonicalize_name(asked.name), ()))


def test_the_image_gets_the_versions_that_are_tested() -> None:
    other = {name: versions for name, versions in pins("base").items() if pins("dev").get(name) != versions}
    assert not other, f"requirements/base.lock and dev.lock differ in {other}: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    unhashed = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert all(line.endswith("\\") for line in unhashed), "a package without a hash"
    assert "://" not in text
    assert "-index" not in text.replace("--no-emit-index-url", "")
