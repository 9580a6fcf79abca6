"""`changxiao backtest`: a file of a panel in, predictions out; what is wrong is named and then nothing is written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from calling import caller
from market_panels import glut_panel, small_plan

from models import backtest as backtesting

SINCE = "2018-05-01"
COLUMNS = ["product", "market", "issue_date", "horizon_weeks", "probability", "price_q10", "price_q50", "price_q90"]
NAMES = {"hill": " Hill & Co. ", "north": "双福, 北区", "port": "NA'a", "ford": "Ford “A”"}


@pytest.fixture
def changxiao(tmp_path, monkeypatch, capsys):
    """The command in a folder of its own, with small fits; gives (exit status, out, err)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(backtesting, "Plan", small_plan)
    return caller(monkeypatch, capsys)


@pytest.fixture(scope="session")
def panel() -> pd.DataFrame:
    """Four markets' series of one crop."""
    some = glut_panel()[glut_panel()["product"] == "crop1"]
    return some.assign(market=some["market"].map(NAMES), variety="red").reset_index(drop=True)


@pytest.fixture
def panel_file(tmp_path, panel):
    path = tmp_path / "panel.parquet"
    panel.to_parquet(path)
    return path.name


def backtest(changxiao, panel: str, *more: str, since: str = SINCE, out: str = "p.parquet"):
    return changxiao("backtest", "--panel", panel, "--since", since, "--out", out, *more)


def test_predictions_are_written_in_the_protocols_format(changxiao, tmp_path, panel, panel_file):
    code, out, err = backtest(changxiao, panel_file, "--horizons", "2,4")
    found = pd.read_parquet(tmp_path / "p.parquet")

    assert code == 0
    assert f"{len(found):,} predictions in p.parquet" in out
    assert err.startswith("refit 1 of ")
    assert err.splitlines()[-1].split()[1] == err.splitlines()[-1].split()[3]
    assert found.columns.tolist() == [COLUMNS[0], "region", *COLUMNS[1:]]
    assert set(found["market"]) == set(panel["market"]) - {NAMES["port"]}  # its series had ended
    assert set(found["region"]) == {"east", "west"}
    assert found["horizon_weeks"].unique().tolist() == [2, 4]
    assert found["issue_date"].min() == pd.Timestamp("2018-05-06")
    assert (found["issue_date"].dt.day_of_week == 6).all()
    assert not found.isna().any(axis=None)
    assert found["probability"].between(0, 1).all()
    assert (np.diff(found[["price_q10", "price_q50", "price_q90"]], axis=1) >= 0).all()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.parquet", "panel.parquet"]


def test_csv_says_what_parquet_says(changxiao, tmp_path, panel, panel_file):
    panel.to_csv(tmp_path / "panel.csv", index=False)
    assert backtest(changxiao, panel_file, "--horizons", "4")[0] == 0
    assert backtest(changxiao, "panel.csv", "--horizons", "4", out="p.csv")[0] == 0

    theirs = pd.read_csv(tmp_path / "p.csv", parse_dates=["issue_date"])
    pd.testing.assert_frame_equal(theirs, pd.read_parquet(tmp_path / "p.parquet"), check_dtype=False, rtol=1e-12)


def test_a_panel_without_regions_is_answered_without_regions(changxiao, tmp_path, panel):
    panel.drop(columns=["region", "volume"]).to_csv(tmp_path / "panel.csv", index=False)

    assert backtest(changxiao, "panel.csv", "--horizons", "4")[0] == 0
    assert pd.read_parquet(tmp_path / "p.parquet").columns.tolist() == COLUMNS


def test_the_last_issue_date_is_the_one_asked_for(changxiao, tmp_path, panel_file):
    assert backtest(changxiao, panel_file, "--horizons", "4", "--until", "2018-06-03")[0] == 0
    assert pd.read_parquet(tmp_path / "p.parquet")["issue_date"].max() == pd.Timestamp("2018-06-03")


@pytest.fixture
def refused(changxiao, tmp_path):
    """Runs a backtest that must fail with exit status 2, without a word on stdout and without a file; gives stderr."""

    def call(panel: str, *more: str, **asked: str) -> str:
        before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
        code, out, err = backtest(changxiao, panel, *more, **asked)
        assert code == 2
        assert out == ""
        assert "Traceback" not in err
        assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
        return err

    return call


@pytest.mark.parametrize("name", ["market", "product", "date", "price"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_missing_column_is_named(refused, tmp_path, panel, name, suffix):
    wrong = panel.head(50).rename(columns={name: name.upper()})
    wrong.to_csv(tmp_path / "w.csv", index=False) if suffix == "csv" else wrong.to_parquet(tmp_path / "w.parquet")

    assert f"the panel has no column {name}" in refused(f"w.{suffix}")


def test_a_file_with_none_of_the_columns_names_them_all(refused, tmp_path):
    (tmp_path / "w.csv").write_text("a,b\n1,2\n")

    assert "the panel has no column market, product, date, price" in refused("w.csv")


@pytest.mark.parametrize("wrong", ["12,5", "n.q.", "3元"])
def test_text_in_price_is_named_with_its_row(refused, tmp_path, panel, wrong):
    prices = panel["price"].astype(object)
    prices[7] = wrong
    panel.assign(price=prices).head(99).to_csv(tmp_path / "w.csv", index=False)
    err = refused("w.csv")

    assert "price is of" in err
    assert repr(wrong) in err
    assert "price, row 7" in err


def test_a_date_that_is_none_is_named(refused, tmp_path, panel):
    dates = panel["date"].astype(str)
    dates[4] = "soon"
    panel.assign(date=dates).head(99).to_csv(tmp_path / "w.csv", index=False)
    err = refused("w.csv")

    assert "date cannot be read in 1 rows, first 'soon'" in err
    assert "date, row 4" in err


def test_a_market_without_a_name_is_named(refused, tmp_path, panel):
    panel.assign(market=panel["market"].where(panel.index != 5)).head(99).to_parquet(tmp_path / "w.parquet")

    assert "market is missing in 1 rows" in refused("w.parquet")


@pytest.mark.parametrize("column", ["price", "volume"])
def test_a_panel_without_one_price_says_so(changxiao, refused, tmp_path, panel, column):
    panel.assign(**{column: None}).to_parquet(tmp_path / "w.parquet")

    if column == "price":
        assert "there is no price above 0" in refused("w.parquet")
    else:
        assert backtest(changxiao, "w.parquet", "--horizons", "4")[0] == 0


def damaged(content: bytes) -> bytes:
    """The bytes of a parquet file whose first pages were overwritten."""
    return content[:4] + bytes(3_000) + content[3_004:]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("cut.parquet", lambda content: content[: len(content) // 2]),
        ("empty.parquet", lambda content: b""),
        ("text.parquet", lambda content: b"market,product,date,price\n"),
        ("damaged.parquet", damaged),
        ("footer.parquet", lambda content: content[:-200] + bytes(192) + content[-8:]),
        ("empty.csv", lambda content: b""),
        ("binary.csv", lambda content: content[:500]),
        ("gbk.csv", lambda content: "market,product,date,price\n双福,白菜,2020-01-01,1\n".encode("gbk")),
        ("unclosed.csv", lambda content: b'market,product,date,price\n"a,b,2020-01-01,1\n'),
    ],
)
def test_a_file_that_cannot_be_read_is_named(refused, tmp_path, panel_file, name, spoil):
    (tmp_path / name).write_bytes(spoil((tmp_path / panel_file).read_bytes()))
    err = refused(name)

    assert "文件无法读取" in err
    assert name in err


def test_a_file_that_is_not_there_is_named(refused):
    assert "there is no such file" in refused("nowhere.parquet")


def test_a_folder_is_no_panel(refused, tmp_path):
    (tmp_path / "folder.parquet").mkdir()

    assert "there is no such file" in refused("folder.parquet")


@pytest.mark.parametrize("name", ["panel.xlsx", "panel"])
def test_a_panel_of_another_kind_is_refused(refused, tmp_path, name):
    (tmp_path / name).write_bytes(b"PK")

    assert "a panel cannot be read from" in refused(name)


@pytest.mark.parametrize(
    ("out", "told"),
    [("p.xlsx", "predictions cannot be written to p.xlsx"), ("p", "predictions cannot"), ("no/p.csv", "not there")],
)
def test_an_answer_that_cannot_be_written_is_refused_before_any_work(refused, out, told):
    assert told in refused("never-read.parquet", out=out)


@pytest.mark.parametrize("horizons", ["0", "13", "-2", "2,2", "2,x", "", "2.5", "2;4"])
def test_horizons_out_of_reach_are_refused_before_any_work(refused, horizons):
    err = refused("never-read.parquet", "--horizons", horizons)

    assert "horizons" in err
    assert "2,4,8" in err


def test_issue_dates_beyond_the_panel_say_where_it_ends(refused, panel_file):
    assert "the panel's last ends on 2018-07-15" in refused(panel_file, since="2018-07-16")


def test_issue_dates_that_end_before_they_begin_are_refused(refused, panel_file):
    assert "no whole week from 2018-05-01 to 2018-04-01" in refused(panel_file, "--until", "2018-04-01")


def test_a_day_that_is_none_is_refused(refused, panel_file):
    assert "'spring' is no date" in refused(panel_file, since="spring")


def test_a_former_answer_stays_where_a_new_one_fails(refused, tmp_path, panel_file):
    (tmp_path / "p.parquet").write_bytes(b"before")

    refused(panel_file, since="2030-01-01")
