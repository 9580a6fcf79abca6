"""Every notebook runs from its first cell to its last, shows what it promises, and holds no logic of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SHOWS = {
    "first_look": ("text/html", "image/png"),
    "was_it_visible": ("text/html", "image/png"),
    "how_good_are_the_warnings": ("text/html", "image/png"),
    "build_your_own_indicator": ("text/html", "image/png"),
    "compare_plans": ("text/html", "image/png"),
}
LONGEST_CELL = 20


def test_every_notebook_is_run():
    assert set(SHOWS) | {"client", "plots"} == {path.stem for path in NOTEBOOKS.glob("*.py")}


@pytest.mark.parametrize("name", SHOWS)
def test_it_runs_and_shows_what_it_promises(name, home, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(home))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = jupytext.read(NOTEBOOKS / f"{name}.py")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert set(SHOWS[name]) <= kinds
    told = " ".join(str(output.get("text", "")) for output in outputs)
    assert "missing from" not in told, "a letter that the font does not have"


@pytest.mark.parametrize("name", SHOWS)
def test_it_holds_no_logic(name):
    tree = ast.parse((NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8"))
    loops = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try)
    assert not [node for node in ast.walk(tree) if isinstance(node, loops)]
    cells = jupytext.read(NOTEBOOKS / f"{name}.py").cells
    assert all(len(cell.source.splitlines()) <= LONGEST_CELL for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("name", SHOWS)
def test_it_speaks_chinese_first(name):
    first = jupytext.read(NOTEBOOKS / f"{name}.py").cells[0]
    assert first.cell_type == "markdown"
    assert "·" in first.source.splitlines()[0]
    assert any("一" <= letter <= "鿿" for letter in first.source.splitlines()[0])
