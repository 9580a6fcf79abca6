"""What the tree may hold: names, lengths, docstrings, and nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("warning", "models", "pipelines", "api")
TOP_LEVEL = {
    ".ci", ".dockerignore", ".gitattributes", ".gitignore", "CHANGELOG.md", "Dockerfile", "Makefile", "README.md",
    "README.zh-CN.md", "api", "benchmarks", "compose.yaml", "docs", "models", "notebooks", "pipelines",
    "pyproject.toml", "requirements", "tests", "warning",
}  # fmt: skip
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "data", "info", "base_utils"}
LONGEST = 400
LONGEST_FUNCTION = 60
LONGER = {
    "pipelines/cli.py": 460,  # one command after another: where everything is put together
    "warning/store/tables.py": 720,  # every table in one place
}
# written in pieces, so that this file does not hold what it looks for
OF_ONE_MACHINE = re.compile(
    "|".join(("/" + "work/", "/" + "tmp/", "/" + "root/", "/" + "home/" + r"\w", "py" + "pi", "python" + "hosted"))
)


@cache
def tree() -> tuple[str, ...]:
    """Paths of what git keeps or would keep; outside a checkout, of everything there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = answer.stdout.splitlines() if answer.returncode == 0 else _walked()
    return tuple(sorted(name for name in set(names) if (ROOT / name).is_file()))


def _walked() -> list[str]:
    kept = (ROOT / name for name in TOP_LEVEL)
    files = (found for top in kept for found in ([top] if top.is_file() else top.rglob("*")))
    return [str(found.relative_to(ROOT)) for found in files if "__pycache__" not in found.parts]


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(text_of(name))


def python_files(*tops: str) -> list[str]:
    return [name for name in tree() if name.endswith(".py") and name.split("/")[0] in tops]


def test_nothing_else_stands_at_the_top() -> None:
    assert {name.split("/")[0] for name in tree()} <= TOP_LEVEL


def test_no_test_folder_is_a_package() -> None:
    assert not [name for name in tree() if name.startswith("tests/") and name.endswith("__init__.py")]


def test_names_say_what_a_thing_is() -> None:
    parts = {part.removesuffix(".py") for name in tree() for part in name.split("/")}
    assert not parts & EMPTY_NAMES


def test_a_file_is_short_enough_to_be_read() -> None:
    lengths = {name: len(text_of(name).splitlines()) for name in python_files(*ROOMS, "tests", "benchmarks")}
    long = {name: lines for name, lines in lengths.items() if lines > LONGER.get(name, LONGEST)}
    assert not long, f"which two things are these? {long}"


def test_every_module_says_what_it_is() -> None:
    silent = [name for name in python_files(*ROOMS) if len(_first_line(name)) <= 10 and "/migrations/" not in name]
    assert not silent, f"no docstring: {silent}"


def _first_line(name: str) -> str:
    return (ast.get_docstring(parsed(name)) or "").split("\n")[0]


def test_functions_are_short() -> None:
    long = [
        f"{name}: {one.name} has {_length(one)}"
        for name in python_files(*ROOMS)
        for one in ast.walk(parsed(name))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and _length(one) > LONGEST_FUNCTION
    ]
    assert not [one for one in long if "/migrations/" not in one], long


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_nothing_swallows_every_error() -> None:
    """Only what raises again may catch everything: what fails is told."""
    swallowed = [
        f"{name}:{node.lineno}"
        for name in python_files(*ROOMS)
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _raises(node)
    ]
    assert not swallowed


def _catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(inner, ast.Raise) for inner in ast.walk(handler))


def test_nothing_of_one_machine_is_kept() -> None:
    found = [f"{name}: {hit.group()}" for name in tree() if (hit := _machine(name))]
    assert not found, f"a path or an address of one machine: {found}"


def _machine(name: str) -> re.Match[str] | None:
    try:
        return OF_ONE_MACHINE.search(text_of(name))
    except UnicodeDecodeError:
        return None  # recorded bytes
