"""The figures and plots of the page on skill, from a tidy panel and a file of predictions; run after a backtest.

    changxiao backtest --panel PANEL --since 2018-06-01 --out p.parquet
    OMP_NUM_THREADS=1 python benchmarks/skill_page.py --panel PANEL --predictions p.parquet --since 2018-06-01
        [--long-predictions q.parquet --events EVENTS.csv] --out docs/skill

Writes tables.md and four plots into --out. Which weeks count, what happened in them and every figure are those of the
evaluation protocol (score.py). Documented events are looked up in the long predictions where there are any: give it a
backtest that begins before the first of them.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from skill_events import events_page
from skill_plots import PLOTS
from skill_tables import (
    LEAST_ONSETS,
    PRICE_HEADS,
    PRODUCT_HEADS,
    SKILL_HEADS,
    TABLED_RATIOS,
    price_rows,
    price_skills,
    product_rows,
    skill_rows,
    table,
    value_rows,
)
from skill_weeks import OURS, Horizon, World, grids_of, horizon_of, judged, world_of

WARNINGS = """\
POD, FAR, POFD and CSI at the line that alarms at most a tenth of the quiet weeks. Onsets warned: an alarm within the
horizon before them; the lead is that of the first, in weeks. New alarms: series that were not alarmed the week before;
standing: all that are. Silent: the share of weeks with nothing to say, which a rule does not alarm. Chance and a
perfect forecaster bound the others.
"""


def read(path: str | Path) -> pd.DataFrame:
    """A frame from .parquet or .csv."""
    return pd.read_parquet(path) if str(path).endswith(".parquet") else pd.read_csv(path)


def page(
    world: World,
    every: Mapping[int, Horizon],
    since: dt.date | pd.Timestamp,
    event_section: str = "",
    panel_name: str = "",
) -> str:
    """All tables, and the plots by their names, in markdown."""
    some = np.any([at.issued for at in every.values()], axis=0)
    columns = np.flatnonzero(some.any(axis=0))
    parts = [
        f"# Skill: tables{' (' + panel_name + ')' if panel_name else ''}\n",
        f"Made by `benchmarks/skill_page.py`. {np.count_nonzero(some.any(axis=1)):,} series, issue weeks "
        f"{world.day(int(columns[0]))} to {world.day(int(columns[-1]))}.\n",
        "## Warnings\n",
        WARNINGS,
    ]
    for weeks, at in every.items():
        outcome = at.outcome()
        parts += [
            f"### {weeks} weeks: {len(outcome):,} issue weeks, base rate {outcome.mean():.3f}, "
            f"{judged(at, OURS).leads.onsets:,} onsets\n",
            table(SKILL_HEADS, skill_rows(at)),
        ]
    parts += [
        "## Warnings by product: ours / the rule\n",
        f"Each at the product's own line; none with fewer than {LEAST_ONSETS} onsets.\n",
    ]
    for weeks, at in every.items():
        parts += [f"### {weeks} weeks\n", table(PRODUCT_HEADS, product_rows(world, at))]
    parts += ["## Relative economic value by cost-loss ratio\n"]
    for weeks, at in every.items():
        parts += [f"### {weeks} weeks\n", table(("who", *map(str, TABLED_RATIOS)), value_rows(at))]
    if any(at.quantiles for at in every.values()):
        parts += ["## Prices\n", "Pinball loss in logs, mean of q10, q50 and q90. WAPE of q50, beside the naive.\n"]
        for weeks, at in every.items():
            parts += [f"### {weeks} weeks\n", table(PRICE_HEADS, price_rows(price_skills(world, at, since)))]
    parts += [event_section] if event_section else []
    parts += ["## Plots\n", "\n".join(f"![{words}]({name})" for name, (_, words) in PLOTS.items()) + "\n"]
    return "\n".join(parts)


def write(
    panel: pd.DataFrame,
    predictions: pd.DataFrame,
    since: str,
    out: Path,
    *,
    long_predictions: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    panel_name: str = "",
) -> None:
    """Make the page: tables.md and the plots."""
    day = pd.Timestamp(since)
    world = world_of(panel, day)
    grids = grids_of(world, predictions)
    every = {weeks: horizon_of(world, weeks, grid, day) for weeks, grid in grids.items()}
    section = ""
    if events is not None:
        said = grids if long_predictions is None else grids_of(world, long_predictions)
        section = events_page(world, events, said, panel_name)
    out.mkdir(parents=True, exist_ok=True)
    (out / "tables.md").write_text(page(world, every, day, section, panel_name), encoding="utf-8")
    for name, (plot, _) in PLOTS.items():
        plot(every, out / name)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--panel", "--predictions", "--since", "--out"):
        asked.add_argument(name, required=True)
    for name in ("--long-predictions", "--events"):
        asked.add_argument(name)
    given = asked.parse_args()
    write(
        read(given.panel),
        read(given.predictions),
        given.since,
        Path(given.out),
        long_predictions=read(given.long_predictions) if given.long_predictions else None,
        events=read(given.events) if given.events else None,
        panel_name=Path(given.panel).stem,
    )


if __name__ == "__main__":
    main()
