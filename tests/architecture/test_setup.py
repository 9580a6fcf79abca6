"""What `make` does on a bare machine: apt as root, or the one line that is needed. The commands are stand-ins."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALL = ("python3-venv", "chromium", "fonts-wqy-zenhei")


class Machine:
    """A folder of commands that is all of PATH: bash is real, the rest is what a test says."""

    def __init__(self, folder: Path, *, user: int) -> None:
        self.folder, self.calls = folder, folder / "calls"
        (folder / "bash").symlink_to(shutil.which("bash") or "bash")
        self.has("id", f"echo {user}")
        self.has("find", "true")
        self.has("apt-get", f'echo "$*" >> {self.calls}')
        self.has("python3", 'case "$*" in *ensurepip*) exit 1;; esac')

    def has(self, command: str, body: str) -> None:
        script = self.folder / command
        script.write_text(f"#!{self.folder}/bash\n{body}\n")
        script.chmod(0o755)

    def prepare(self, *parts: str) -> subprocess.CompletedProcess[str]:
        bash = self.folder / "bash"
        return subprocess.run(
            [bash, ROOT / ".ci" / "prepare", *parts],
            env={"PATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )


def test_root_gets_what_is_missing(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0)
    assert machine.prepare("python", "browser").returncode == 0
    update, install = machine.calls.read_text().splitlines()
    assert update.startswith("update")
    assert install.startswith("install -y")
    assert all(package in install.split() for package in ALL)


def test_anybody_else_is_told_one_line(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    answer = machine.prepare("python", "browser")
    assert answer.returncode != 0
    assert not machine.calls.exists()
    (line,) = [line for line in answer.stderr.splitlines() if "apt-get" in line]
    assert all(package in line.split() for package in ALL)


@pytest.mark.parametrize("user", [0, 1000])
def test_nothing_is_done_where_nothing_is_missing(tmp_path: Path, user: int) -> None:
    machine = Machine(tmp_path, user=user)
    machine.has("python3", "true")
    machine.has("chromium", "true")
    machine.has("find", "echo /usr/share/fonts/wqy-zenhei.ttc")
    assert machine.prepare("python", "browser").returncode == 0
    assert not machine.calls.exists()


def test_only_what_is_asked_for_is_looked_at(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0)
    assert machine.prepare("python").returncode == 0
    assert "chromium" not in machine.calls.read_text()


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0)
    machine.has("python3", 'case "$*" in *version_info*) exit 1;; --version) echo Python 3.9.2;; esac')
    answer = machine.prepare("python")
    assert answer.returncode != 0
    assert "3.11" in answer.stderr
    assert not machine.calls.exists()
