"""The commands that the documents show: each exists and takes what it is given, and the cheap ones are run."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner
from worlds import LAST_DAY, small_world

from pipelines.cli import app
from pipelines.demo.build import take_in
from warning.reference import load_catalog
from warning.store.engine import open_store
from warning.thresholds import load_thresholds

if TYPE_CHECKING:
    from pipelines.daily import DailyRun

Run = Callable[[str], str]
ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "README.zh-CN.md", "docs/feeds.md", "docs/mapping.md", "docs/operations.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN_IN_TEXT = re.compile(r"`(changxiao [a-z][^`…]*)`")
LONG_RUNNING = ("demo", "serve", "schedule")


def blocks(name: str, language: str) -> list[str]:
    return [code for found, code in FENCE.findall((ROOT / name).read_text(encoding="utf-8")) if found == language]


def shown(name: str) -> list[str]:
    """Every changxiao command in the bash blocks of a document."""
    lines = [line for code in blocks(name, "bash") for line in code.splitlines()]
    return [line for line in lines if line.startswith("changxiao ")]


def parsed(command: str) -> Any:
    """The context of the innermost command; a usage error where it does not exist or does not take these words."""
    context: Any = typer.main.get_command(app).make_context("changxiao", shlex.split(command, comments=True)[1:])
    while hasattr(context.command, "commands"):
        name, inner, words = context.command.resolve_command(context, [*context._protected_args, *context.args])
        context = inner.make_context(name, words, parent=context)
    return context


ALL = [(name, command) for name in DOCUMENTS for command in shown(name)]


@pytest.mark.parametrize(("name", "command"), ALL, ids=[f"{name}: {command}" for name, command in ALL])
def test_a_command_that_is_shown_exists(name: str, command: str) -> None:
    parsed(command)


@pytest.mark.parametrize("command", ["changxiao nonsense", "changxiao run --nonsense", "changxiao retract x"])
def test_what_does_not_exist_is_noticed(command: str) -> None:
    with pytest.raises(Exception, match=r"."):
        parsed(command)


def test_commands_named_in_sentences_exist() -> None:
    documents = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "README.zh-CN.md"]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    group: Any = typer.main.get_command(app)
    named = {command.split()[1] for command in SHOWN_IN_TEXT.findall(texts)}
    assert named
    assert named <= set(group.commands), f"no such command: {named - set(group.commands)}"


def test_every_command_is_shown_somewhere() -> None:
    group: Any = typer.main.get_command(app)
    text = "\n".join(command for name in DOCUMENTS for command in shown(name)) + (ROOT / "Makefile").read_text()
    assert not [name for name in group.commands if f"changxiao {name}" not in text]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the README's commands expect, and a store with the small simulated district."""
    folder = tmp_path_factory.mktemp("readme")
    daily = _daily(folder / "var")
    for _ in take_in(daily.store, daily, small_world(), lambda: NOW):
        pass
    for _ in daily.run(LAST_DAY):
        pass
    daily.store.close()
    (folder / "prices.csv").write_text(blocks("README.md", "csv")[0], encoding="gb18030")
    (folder / "mapping.toml").write_text(blocks("README.md", "toml")[0], encoding="utf-8")
    return folder


NOW = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)


def _daily(home: Path) -> DailyRun:
    from pipelines.daily import DailyRun

    store = open_store(home=home, migrate=True)
    return DailyRun(
        store=store, catalog=load_catalog(None), thresholds=load_thresholds(None), clock=lambda: NOW, forecasts=False
    )


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as the README does, in its folder; gives what it printed."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("CHANGXIAO_HOME", "CHANGXIAO_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def result(command: str) -> str:
        answer = CliRunner().invoke(app, shlex.split(command, comments=True)[1:])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        assert answer.exit_code == 0, answer.output
        return answer.output

    return result


def line_with(text: str) -> str:
    """The README's line that begins so: the test runs what is written there."""
    return next(line for line in shown("README.md") if line.startswith(text))


def test_the_readmes_table_goes_in_by_its_mapping(run: Run) -> None:
    command = line_with("changxiao ingest table")
    assert "3 lines read, 2 accepted, 0 repeated, 0 rejected, 1 declared non-data" in run(command)
    assert "2 repeated" in run(command), "the same file again changes nothing"


def test_the_template_is_written_and_comes_back_empty(run: Run, home: Path) -> None:
    run(line_with("changxiao template"))
    assert (home / "township-report.xlsx").is_file()
    assert "0 rejected" in run(line_with("changxiao ingest township"))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("changxiao feeds ", "agmarknet"),
        ("changxiao feeds --snapshots", "simulated-panel"),
        ("changxiao alerts", "莲花白"),
        ("changxiao alerts --product", "莲花白"),
        ("changxiao names list", ""),
        ("changxiao thresholds ", "r_blue"),
        ("changxiao db upgrade", "newest"),
    ],
)
def test_what_the_readme_shows_runs(run: Run, command: str, says: str) -> None:
    assert says in run(line_with(command))


def test_a_simulated_day_is_judged_again_without_change(run: Run) -> None:
    shown_day = line_with("changxiao run --date").split()[3]
    assert dt.date.fromisoformat(shown_day) < LAST_DAY, "the README's day lies in the demo's years"
    assert "subjects judged" in run(f"changxiao run --date {shown_day} --no-forecasts")
    assert "nothing changed" in run(f"changxiao run --date {shown_day} --no-forecasts")


@pytest.mark.parametrize("command", LONG_RUNNING)
def test_what_runs_on_has_help(run: Run, command: str) -> None:
    assert command in run(f"changxiao {command} --help")
