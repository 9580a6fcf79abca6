"""A narrow window folds Chinese sentences and ids, and loses no character of either."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pipelines.folding_table import folding_table

WHY = "近7日中位价为往年同旬的 46%（参考价 15.41 卢比/公斤，线 50%），已连续2周"
ID = "onion.in-maharashtra-pimpalgaon-baswant-saykheda.20180721"


@pytest.mark.parametrize("width", [40, 43, 60, 200])
def test_nothing_is_lost_however_narrow_it_is(width):
    table = folding_table("why", "id", title="two")
    table.add_row(WHY, ID)
    out = io.StringIO()
    Console(file=out, width=width).print(table)
    first, second = (
        "".join(line.split("│")[column].strip() for line in out.getvalue().splitlines() if line.startswith("│"))
        for column in (1, 2)
    )

    assert first.replace(" ", "") == WHY.replace(" ", "")
    assert second == ID
