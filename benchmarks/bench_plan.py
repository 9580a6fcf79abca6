"""The placement plan at four sizes: time, memory, and how near to what no plan can exceed.

    python benchmarks/bench_plan.py [size ...]

Sizes: what-if (25,000 arcs), programme (100,000), district (200 products × 33 townships × 500 units × 30 days), lots
(minimum lots). Each is a process of its own: seconds are the median of `BENCH_RUNS` whole plans (five unless it says
otherwise; one of the district), memory is the process's peak (VmHWM). An arc is a lot, a unit and a stretch of days in
which nothing changes; "by days" counts what the same problem would have with every open day apart.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from measuring import median_s, show

RUNS = int(os.environ.get("BENCH_RUNS", "5"))


@dataclass(frozen=True)
class Size:
    """One measured problem and what is asked of it."""

    what: str
    world: dict[str, object]
    seconds: float
    megabytes: float = 2048.0
    runs: int = RUNS
    gap: float = 1e-6
    """Most, relative, by which the plan may stand below what no plan exceeds, in tonnes and in worth."""
    note: str = field(default="")


SIZES = {
    "what-if": Size("25,000 arcs, a what-if", {"products": 28, "townships": 15, "units": 77}, 1.0),
    "programme": Size("100,000 arcs", {"products": 36, "townships": 20, "units": 120}, 10.0),
    "district": Size("200 products × 33 townships × 500 units × 30 days", {}, 10.0, runs=1),
    "lots": Size("minimum lots", {"products": 28, "townships": 15, "units": 78, "lots": True}, 60.0, runs=1, gap=0.005),
}


def peak_mb() -> float:
    """The most memory this process ever held, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(name: str) -> None:
    """Print one size's figures as JSON."""
    import numpy as np
    from plan_world import CATALOG, plan_world

    from warning.absorption.arcs import network_of
    from warning.absorption.plan import Plan, make_plan

    size = SIZES[name]
    problem = plan_world(**size.world)  # type: ignore[arg-type]
    plans: list[Plan] = []
    seconds = median_s(lambda: plans.append(make_plan(problem, CATALOG)), size.runs)
    plan, peak = plans[-1], peak_mb()
    network = network_of(problem, CATALOG)
    open_days = np.array([len(days) for days in network.slots.days])
    print(json.dumps({
        "batches": len(problem.batches), "units": len(problem.units), "arcs": plan.proof.arcs,
        "by_days": int(open_days[network.arcs.slot].sum()), "solved": plan.proof.arcs_solved, "seconds": seconds,
        "peak": peak, "waste_gap": plan.proof.waste_gap_t / max(1.0, plan.totals.placed_t),
        "value_gap": plan.proof.value_gap, "wasted": plan.totals.wasted_t, "hand": plan.by_hand.wasted_t,
        "surplus": plan.totals.surplus_t, "deliveries": len(plan.placements), "gains": len(plan.enlargements),
        "binding": sum(one.minimum_lot_t > 0 for one in problem.units),
    }))  # fmt: skip


def rows(name: str) -> list[tuple[str, str, str]]:
    """What was measured of a size, beside what is asked."""
    size = SIZES[name]
    command = [sys.executable, __file__, "--measure", name]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    within = told["seconds"] <= size.seconds and told["peak"] <= size.megabytes
    gap = max(told["waste_gap"], told["value_gap"])
    return [
        (f"{size.what}, median of {size.runs}", f"{told['seconds']:.2f} s, {told['peak']:.0f} MB",
         f"at most {size.seconds:g} s, {size.megabytes:,.0f} MB: {'kept' if within else 'NOT KEPT'}"),
        ("  lots to place, units", f"{told['batches']:,}, {told['units']:,}", ""),
        ("  arcs: by days; in all; given to the solver",
         f"{told['by_days']:,}; {told['arcs']:,}; {told['solved']:,}", ""),
        ("  below what no plan exceeds: tonnes, worth", f"{told['waste_gap']:.4%}, {told['value_gap']:.4%}",
         f"at most {size.gap:.4%}: {'kept' if gap <= size.gap else 'NOT KEPT'}"),
        ("  tonnes wasted: plan, by hand, of",
         f"{told['wasted']:,.0f}, {told['hand']:,.0f}, {told['surplus']:,.0f}", ""),
    ]  # fmt: skip


def main() -> None:
    names = sys.argv[1:] or list(SIZES)
    show([row for name in names for row in rows(name)])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main()
