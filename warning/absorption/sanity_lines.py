"""Lines that a surplus rarely passes: where it does, the plan says so, and the figures want a second look.

India's market intervention takes at most a quarter of output, the EU's free distribution a twentieth of the marketed
volume; Korea tells degrees by σ of past output. Source: mission §3, E.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

OUTPUT_SHARE = 0.25
MARKETED_SHARE = 0.05
LEAST_YEARS = 5


def passed_lines(
    surplus_t: float, *, output_t: float | None = None, marketed_t: float | None = None, years: Sequence[float] = ()
) -> Iterator[tuple[str, str]]:
    """What to say of a surplus, in Chinese and English, for each line passed.

    `output_t` is the season's output, `marketed_t` what is marketed in a year, `years` the outputs of past years.
    """
    if output_t and surplus_t > OUTPUT_SHARE * output_t:
        share = surplus_t / output_t
        en = f"the surplus is {share:.0%} of output, above the 25 % of India's intervention: check the reports"
        yield f"待消纳量占产量 {share:.0%}，超过印度收储上限 25%，请核对填报数", en
    if marketed_t and surplus_t > MARKETED_SHARE * marketed_t:
        share = surplus_t / marketed_t
        yield (f"待消纳量占上市量 {share:.0%}，超过欧盟免费分发上限 5%",
               f"the surplus is {share:.0%} of what is marketed, above the EU's 5 % for free distribution")  # fmt: skip
    known = np.array([one for one in years if np.isfinite(one)])
    if output_t and len(known) >= LEAST_YEARS and known.std(ddof=1) > 0:
        score = (output_t - known.mean()) / known.std(ddof=1)
        if score >= 1:
            degree = 2 if score >= 2 else 1
            yield (f"产量高出历年 {score:.1f} 个标准差（超过 {degree}σ 线）",
                   f"output is {score:.1f} standard deviations above past years (past the {degree}σ line)")  # fmt: skip
