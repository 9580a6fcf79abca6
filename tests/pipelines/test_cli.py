"""The command line: what it prints, its exit status, and errors that say what, where and what to do."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from calling import caller

from pipelines.cli import yesterday
from pipelines.feeds import FEEDS

MAPPING = """
columns = { date = "日期", market = "市场", product = "品名", price = "均价" }
constants = { price_unit = "元/斤" }
"""
SHEET = "日期,市场,品名,均价\n2026-11-19,双福,莲花白,0.6\n2026-11-20,双福,莲花白,0.55\n2026-11-20,双福,火星菜,0.55\n"


@pytest.fixture
def changxiao(tmp_path, monkeypatch, capsys):
    """The command in a home of its own; gives (exit status, what it printed, what it said on the error stream)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("CHANGXIAO_DATABASE_URL", raising=False)
    (tmp_path / "map.toml").write_text(MAPPING)
    (tmp_path / "sheet.csv").write_text(SHEET)
    return caller(monkeypatch, capsys)


def ingested(changxiao, *more: str):
    return changxiao("ingest", "table", "sheet.csv", "--mapping", "map.toml", *more)


def test_feeds_lists_every_feed_and_what_it_reads(changxiao):
    code, out, _ = changxiao("feeds")
    assert code == 0
    assert all(feed[:20] in out for feed in FEEDS)
    assert "CHANGXIAO_LIVE_FEEDS" in out
    assert changxiao("feeds", "--snapshots")[0] == 0


def test_ingest_prints_the_account_of_every_line(changxiao):
    code, out, _ = ingested(changxiao)
    assert code == 0
    assert "读 4 行，收 2，重复 0，拒 1（unknown_product 1），非数据 1" in out
    assert "4 lines read, 2 accepted, 0 repeated, 1 rejected (unknown_product 1), 1 declared non-data" in out
    assert "sheet.csv:4  unknown_product" in out
    assert "unknown product '火星菜' in 1 lines" in out
    assert "snapshot 1" in out
    code, out, _ = ingested(changxiao)
    assert (code, "nothing new: these bytes were taken in before" in out) == (0, True)
    assert "sheet.csv" in changxiao("feeds", "--snapshots")[1]


def test_strict_stores_nothing_and_says_which_line(changxiao):
    code, _, err = ingested(changxiao, "--strict")
    assert code == 2
    assert "1 of 4 lines were rejected" in err
    assert "sheet.csv, line 4: unknown_product" in err
    assert "without --strict" in err
    assert "snapshot 1" in ingested(changxiao)[1], "nothing of the first attempt was kept"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ingest", "agmarket", "sheet.csv"), ("no feed 'agmarket'", "agmarknet", "changxiao feeds")),
        (("ingest", "table", "nowhere.csv", "--mapping", "map.toml"), ("nowhere.csv", "no such file", "spelling")),
        (("ingest", "table", "sheet.csv"), ("needs a mapping file", "--mapping FILE")),
        (("ingest", "table", "sheet.csv", "--mapping", "none.toml"), ("none.toml", "cannot be read")),
        (("ingest", "table", "sheet.csv", "--mapping", "sheet.csv"), ("is no TOML", "docs/mapping.md")),
        (
            ("ingest", "table", "sheet.csv", "--mapping", "wrong.toml"),
            ("no column '价钱'", "nearest: '均价'", "line 1"),
        ),
        (("ingest", "agmarknet", "map.toml"), ("map.toml", "no file of .csv")),
        (("ingest", "agmarknet", "sheet.csv"), ("no Agmarknet monthly report", "sheet.csv", "ingest table")),
        (("ingest", "table", "sheet.csv", "--mapping", "map.toml", "--set", "market"), ("not name=value",)),
        (("retract", "7"), ("no snapshot 7", "--snapshots")),
        (("run", "--date", "yesterday"), ("YYYY-MM-DD",)),
        (("run", "--date", "2026-11-20", "--until", "2026-11-19"), ("--until 2026-11-19 lies before",)),
        (("template", "t.xlsx", "--township", "火星镇"), ("火星镇",)),
        (("names", "confirm", "9", "cabbage"), ("no name 9",)),
    ],
)
def test_an_error_says_what_where_and_what_to_do_with_status_2(changxiao, tmp_path, words, told):
    (tmp_path / "wrong.toml").write_text(MAPPING.replace("均价", "价钱"))
    code, out, err = changxiao(*words)
    assert code == 2
    assert out == ""
    plain = " ".join(err.replace("│", " ").split())
    assert all(word in plain for word in told), err
    assert "Traceback" not in err


def test_a_retracted_snapshot_is_shown_as_such_and_not_twice(changxiao):
    ingested(changxiao)
    code, out, _ = changxiao("retract", "1", "--reason", "wrong file")
    assert (code, "snapshot 1 taken back: 2 rows" in out) == (0, True)
    code, _, err = changxiao("retract", "1")
    assert (code, "taken back already" in err) == (2, True)
    assert f"{dt.datetime.now(dt.UTC):%Y-%m-%d}" in changxiao("feeds", "--snapshots")[1]
    assert "收 2" in ingested(changxiao)[1], "what was taken back may be given again"


def test_a_name_is_listed_confirmed_and_then_understood(changxiao):
    assert "no name is waiting" in changxiao("names", "list")[1]
    ingested(changxiao)
    assert "火星菜  (1 lines)" in changxiao("names", "list")[1]
    code, _, err = changxiao("names", "confirm", "1", "no-such-product")
    assert (code, "no-such-product" in err) == (2, True)
    assert changxiao("names", "confirm", "1", "cabbage")[0] == 0
    assert "no name is waiting" in changxiao("names", "list")[1]
    code, out, _ = ingested(changxiao)
    assert "conflicting_repeat" not in out or "收 0" in out
    assert "unknown_product" not in out


def test_a_name_may_be_confirmed_as_a_market_that_a_feed_registered(changxiao, tmp_path):
    panel = "date,market,product,price,unit_price\n2026-11-20,Aonla,ONION,2000,INR/quintal\n"
    (tmp_path / "panel.csv").write_text(panel)
    assert changxiao("ingest", "panel", "panel.csv")[0] == 0
    (tmp_path / "sheet.csv").write_text(SHEET.replace("双福", "阿翁拉"))
    ingested(changxiao)
    number = next(line.split()[0] for line in changxiao("names", "list")[1].splitlines() if "阿翁拉" in line)
    code, out, _ = changxiao("names", "confirm", number, "in-aonla")
    assert (code, "noted" in out) == (0, True)


def test_the_template_is_written_and_its_empty_copy_is_read(changxiao, tmp_path):
    code, out, _ = changxiao("template", "报表.xlsx", "--township", "合兴街道")
    assert (code, "报表.xlsx" in out, "changxiao ingest township" in out) == (0, True, True)
    assert "合兴街道" in {cell.value for row in openpyxl.load_workbook(tmp_path / "报表.xlsx")["填报"] for cell in row}
    code, out, _ = changxiao("ingest", "township", "报表.xlsx")
    assert (code, "0 accepted, 0 repeated, 0 rejected" in out) == (0, True)


def test_db_upgrade_tells_the_revision_and_may_be_said_twice(changxiao):
    code, out, _ = changxiao("db", "upgrade")
    assert code == 0
    current, newest = out.removeprefix("at ").strip().split(", newest is ")
    assert current == newest
    assert changxiao("db", "upgrade")[1] == out


def test_a_run_on_a_tiny_store_says_in_one_line_what_it_found(changxiao, tmp_path):
    first = yesterday() - dt.timedelta(days=4)
    rows = [f"{first + dt.timedelta(days=day)},双福,莲花白,0.6" for day in range(5)]
    (tmp_path / "sheet.csv").write_text("\n".join(["日期,市场,品名,均价", *rows]) + "\n")
    assert ingested(changxiao)[0] == 0
    code, out, _ = changxiao("run", "--date", f"{first + dt.timedelta(days=3)}", "--until", f"{yesterday()}")
    assert code == 0
    assert len(out.strip().splitlines()) == 4, "two days, each in Chinese and English"
    assert f"{yesterday()}" in out
    code, out, _ = changxiao("alerts", "--date", f"{yesterday()}")
    assert code == 0


def test_the_console_script_ends_with_the_same_status(tmp_path):
    script = Path(sys.executable).parent / "changxiao"
    told = subprocess.run(
        [script, "ingest", "agmarket", "x.csv"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 2
    assert "名称不明 · there is no feed 'agmarket'" in told.stderr
    assert "known" in told.stderr
    assert "to do" in told.stderr
    assert told.stdout == ""


def test_a_filled_in_workbook_is_not_overwritten(changxiao, tmp_path):
    assert changxiao("template", "report.xlsx")[0] == 0
    (tmp_path / "report.xlsx").write_bytes(b"filled in")
    code, _, err = changxiao("template", "report.xlsx")
    assert code == 2
    assert "--force" in err
    assert (tmp_path / "report.xlsx").read_bytes() == b"filled in"
    assert changxiao("template", "report.xlsx", "--force")[0] == 0
    assert (tmp_path / "report.xlsx").read_bytes() != b"filled in"


def test_a_template_into_a_missing_folder_is_told(changxiao):
    code, _, err = changxiao("template", "nowhere/report.xlsx")
    assert code == 2
    assert "no folder nowhere" in err


def test_a_day_that_is_not_over_is_not_judged(changxiao):
    code, _, err = changxiao("run", "--date", str(yesterday() + dt.timedelta(days=1)))
    assert code == 2
    assert str(yesterday()) in err
    assert changxiao("alerts")[0] == 2, "nothing was judged"


def test_a_level_that_does_not_exist_is_not_calm(changxiao):
    code, out, err = changxiao("alerts", "--level", "purple")
    assert code == 2
    assert "purple" in err
    assert "orange" in err
    assert "nothing to warn of" not in out
