"""The image and the scripts around it, read: no container is built here."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELL = (".ci/run", ".ci/prepare")


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of the Dockerfile, continued lines joined and comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in lines.splitlines() if line.strip()]


def said(instruction: str) -> list[str]:
    return [rest for name, rest in instructions() if name == instruction]


def final_stage() -> list[tuple[str, str]]:
    found = instructions()
    last = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[last:]


def test_what_is_copied_exists_and_is_let_in() -> None:
    allowed = [line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    sources = [name for rest in said("COPY") if "--from" not in rest for name in rest.split()[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), f"{source} is not there"
        assert source.rstrip("/").split("/")[0] in {name.split("/")[0] for name in allowed}, f"{source} is kept out"


def test_every_room_is_in_the_image() -> None:
    copied = " ".join(said("COPY"))
    assert all(f"{room}/" in copied for room in ("warning", "models", "pipelines", "api"))


def test_two_stages_and_locked_libraries() -> None:
    assert len(said("FROM")) == 2
    assert all(rest.startswith("python:3.11-slim-bookworm") for rest in said("FROM"))
    installs = " ".join(said("RUN"))
    assert "--require-hashes -r requirements/base.lock" in installs
    assert "--require-hashes -r requirements/build.lock" in installs


def test_nobody_is_root_in_it() -> None:
    users = [rest for name, rest in final_stage() if name == "USER"]
    assert users, "no USER in the final stage"
    assert re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", users[-1]), "a number, so that an orchestrator can see it is not root"


def test_its_health_is_looked_after() -> None:
    final = dict(final_stage())
    assert "/healthz" in final["HEALTHCHECK"]
    assert final["EXPOSE"] == "8000"
    assert final["CMD"] == '["changxiao", "serve"]'
    assert final["VOLUME"] == "/var/lib/changxiao"
    environment = " ".join(rest for name, rest in final_stage() if name == "ENV")
    assert "CHANGXIAO_HOME=/var/lib/changxiao" in environment
    assert "CHANGXIAO_HOST=0.0.0.0" in environment, "a service on the loopback cannot be reached from outside"


@pytest.mark.parametrize("script", SHELL)
def test_a_script_is_sound_and_can_be_run(script: str) -> None:
    text = (ROOT / script).read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0


def test_ci_calls_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make test\b", script, re.MULTILINE)
    assert re.search(r"^make check\b", script, re.MULTILINE)
    assert "CI=true" in script
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["run", "test", "setup", "check", "bench", "soak", "lock", "clean"])
def test_make_knows_its_targets(target: str) -> None:
    answer = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
