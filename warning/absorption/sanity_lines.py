"""Lines that a surplus rarely passes: where it does, the plan says so, and the figures want a second look.

India's market intervention takes at most a quarter of output, the EU's free distribution a twentieth of the marketed
volume; Korea tells degrees by σ of past output. Source: mission §3, E.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from warning.absorption.problem import Batch, Output
from warning.catalog import Catalog

OUTPUT_SHARE = 0.25
MARKETED_SHARE = 0.05
LEAST_YEARS = 5


def lines_passed(
    batches: tuple[Batch, ...], outputs: tuple[Output, ...], catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """What to say, in Chinese and English, of each product whose surplus or output passes a line."""
    surplus: dict[str, float] = defaultdict(float)
    for batch in batches:
        surplus[batch.product_id] += batch.tonnes
    for output in outputs:
        product = catalog.products[output.product_id]
        for zh, en in _passed(surplus[output.product_id], output):
            yield f"{product.name_zh}：{zh}", f"{product.name_en}: {en}"


def _passed(surplus_t: float, output: Output) -> Iterator[tuple[str, str]]:
    if output.season_t > 0 and surplus_t > OUTPUT_SHARE * output.season_t:
        share = surplus_t / output.season_t
        yield (f"待消纳量占当季产量的 {share:.0%}，超过印度收储上限 25%，请核对填报数",
               f"the surplus is {share:.0%} of the season's output, above the 25 % of India's intervention: "
               "check the reports")  # fmt: skip
    if output.year_t > 0 and surplus_t > MARKETED_SHARE * output.year_t:
        share = surplus_t / output.year_t
        yield (f"待消纳量占全年上市量的 {share:.0%}，超过欧盟免费分发上限 5%",
               f"the surplus is {share:.0%} of what is marketed in a year, above the EU's 5 % for free "
               "distribution")  # fmt: skip
    past = np.array(output.past_years_t)
    if len(past) >= LEAST_YEARS and past.std(ddof=1) > 0:
        score = (output.year_t - past.mean()) / past.std(ddof=1)
        if score >= 1:
            degree = 2 if score >= 2 else 1
            what_zh, what_en = ("市场上市量", "what markets took is") if output.at_market else ("产量", "output is")
            yield (f"{what_zh}高出历年 {score:.1f} 个标准差（超过 {degree}σ 线）",
                   f"{what_en} {score:.1f} standard deviations above past years (past the {degree}σ line)")  # fmt: skip
