"""The plots of the page on skill: a panel a horizon, small enough to be kept beside the text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from skill_tables import shown
from skill_weeks import ALPS, CLIMATE, IFPA, MIEWS, OURS, RULE, Horizon, judged

from models.economic_value import economic_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    OURS: "#0b5fa5",
    RULE: "#d1601f",
    CLIMATE: "#4d9a4d",
    ALPS: "#8a6bb1",
    IFPA: "#8c6d46",
    MIEWS: "#555555",
}
COLOURS_KEPT = 96
LEAST_ROWS = 50
"""A share of fewer weeks is not drawn."""
RATIOS = (0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def _panels(every: Mapping[int, Horizon], label_y: str) -> tuple[Figure, list[Axes]]:
    """A figure with a panel a horizon."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.9 * len(every), 3.9), layout="constrained")
    FigureCanvasAgg(figure)
    axes = list(figure.subplots(1, len(every), squeeze=False)[0])
    for axis, weeks in zip(axes, every, strict=True):
        axis.set_title(f"{weeks} weeks ahead", fontsize=11)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25, linewidth=0.6)
    axes[0].set_ylabel(label_y)
    return figure, axes


def _legend(figure: Figure, axis: Axes) -> None:
    """One panel's legend for all, beneath them, where it hides no line."""
    handles, labels = axis.get_legend_handles_labels()
    columns = min(len(labels), int(figure.get_figwidth() / 1.6))
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, fontsize=8.5, frameon=False)


def _save(figure: Figure, path: Path) -> None:
    """Write a figure in few colours: a third of the bytes, and the same for the same figures."""
    from PIL import Image

    figure.savefig(drawn := io.BytesIO(), dpi=110)
    Image.open(drawn).convert("RGB").quantize(COLOURS_KEPT).save(path, optimize=True)


def plot_reliability(every: Mapping[int, Horizon], path: Path) -> None:
    """Observed share over forecast probability in steps of 0.1, with the number of issue weeks in each as bars."""
    figure, axes = _panels(every, "share followed by a spell")
    edges = np.linspace(0, 1, 11)
    for axis, at in zip(axes, every.values(), strict=True):
        counts = axis.twinx()
        for who, style in ((CLIMATE, "s"), (OURS, "o-")):
            score, outcome = at.score(who), at.outcome()
            place = np.minimum((score * 10).astype(int), 9)
            rows, said, seen = (
                np.bincount(place, weights=some, minlength=10) for some in (score * 0 + 1, score, outcome)
            )
            full = rows >= LEAST_ROWS
            axis.plot(
                said[full] / rows[full],
                seen[full] / rows[full],
                style,
                markersize=5,
                linewidth=1.4,
                color=COLOURS[who],
                label=who,
                zorder=3,
            )
        counts.bar(edges[:-1] + 0.05, rows, width=0.09, color=COLOURS[OURS], alpha=0.13, zorder=1)
        counts.set_yscale("log")
        # the bars keep to the lower half, beneath the curve
        counts.set_ylim(1, max(rows) ** 2)
        counts.set_yticks([10.0**power for power in range(int(np.log10(max(rows))) + 1)])
        counts.tick_params(axis="y", labelsize=7, colors="#777777")
        counts.minorticks_off()
        counts.spines["top"].set_visible(False)
        axis.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--", label="perfectly reliable")
        axis.axhline(float(at.outcome().mean()), color="#999999", linewidth=0.8, linestyle=":", label="base rate")
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="forecast probability")
        axis.set_zorder(counts.get_zorder() + 1)
        axis.patch.set_visible(False)
    counts.set_ylabel("issue weeks (bars, ours)", fontsize=8, color="#777777")
    _legend(figure, axes[0])
    _save(figure, path)


def plot_leads(every: Mapping[int, Horizon], path: Path) -> None:
    """The share of onsets by the lead of their first alarm, ours beside the rule."""
    figure, axes = _panels(every, "share of onsets")
    for axis, at in zip(axes, every.values(), strict=True):
        for shift, who in ((-0.2, OURS), (0.2, RULE)):
            leads = judged(at, who).leads
            share = np.array(leads.counts) / max(leads.onsets, 1)
            label = f"{who}: {shown(leads.warned_2w, 2)} two weeks ahead or more"
            axis.bar(np.arange(len(share)) + shift, share, width=0.4, color=COLOURS[who], label=label)
        axis.set_xticks(range(at.weeks + 1), ["none", *map(str, range(1, at.weeks + 1))])
        axis.set_xlabel("weeks from the first alarm to the onset", fontsize=9)
        axis.set_title(f"{at.weeks} weeks ahead, {leads.onsets:,} onsets", fontsize=11)
        axis.set_ylim(0, axis.get_ylim()[1] * 1.2)
        axis.legend(fontsize=7.5, frameon=False, loc="upper left")
        axis.grid(visible=False, axis="x")
    _save(figure, path)


def plot_value(every: Mapping[int, Horizon], path: Path) -> None:
    """The relative economic value over cost-loss ratios."""
    figure, axes = _panels(every, "relative economic value")
    for axis, at in zip(axes, every.values(), strict=True):
        found = {
            who: economic_value(at.outcome(), at.score(who), is_probability=at.scores[who][1], ratios=RATIOS)
            for who in (OURS, RULE, CLIMATE)
        }
        for who, styles in ((OURS, ("-", ":")), (RULE, ("", "-")), (CLIMATE, ("-", ""))):
            lines = (
                (found[who].acting_at_ratio, "acting at the ratio"),
                (found[who].envelope, "best line, in hindsight"),
            )
            for (values, words), style in zip(lines, styles, strict=True):
                if values and style:
                    axis.plot(RATIOS, values, style, color=COLOURS[who], linewidth=1.8, label=f"{who}, {words}")
        axis.axvline(float(at.outcome().mean()), color="#999999", linewidth=0.9, linestyle=":", label="base rate")
        axis.set_xscale("log")
        axis.set_xticks([0.01, 0.02, 0.05, 0.1, 0.2, 0.5], ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"])
        axis.minorticks_off()
        axis.set(xlim=(RATIOS[0], RATIOS[-1]), ylim=(-0.1, 1), xlabel="cost of acting / loss averted (log scale)")
        axis.axhline(0, color="#555555", linewidth=0.8)
    _legend(figure, axes[0])
    _save(figure, path)


def plot_burden(every: Mapping[int, Horizon], path: Path) -> None:
    """Hits of the events over the number of series that stand alarmed in a week, as the line is lowered."""
    from sklearn.metrics import roc_curve

    figure, axes = _panels(every, "POD (hits of the weeks before a spell)")
    for axis, at in zip(axes, every.values(), strict=True):
        outcome = at.outcome()
        weeks, events = np.count_nonzero(at.issued.any(axis=0)), np.count_nonzero(outcome)
        quiet, widest = len(outcome) - events, 0.0
        for who, colour in COLOURS.items():
            false_positive, true_positive, _ = roc_curve(outcome, at.score(who))
            alarms = (true_positive * events + false_positive * quiet) / weeks
            # few steps are steps: nothing lies between them
            few = len(alarms) < 10
            axis.plot(
                alarms, true_positive, "s--" if few else "-", color=colour, linewidth=1.5, markersize=4, label=who
            )
            at_line = judged(at, who)
            if at_line.skill.pod:
                axis.plot(
                    [at_line.burden.alarmed or 0.0], [at_line.skill.pod], "o", color=colour, markersize=6, zorder=4
                )
                widest = max(widest, at_line.burden.alarmed or 0.0)
        axis.plot([], [], "o", color="#333333", label="a tenth of quiet weeks alarmed")
        axis.set(xlim=(0, max(2.5 * widest, 1)), ylim=(0, 1))
        axis.set_xlabel(f"series alarmed in a week (of {len(outcome) / weeks:.0f} judged)")
    _legend(figure, axes[0])
    _save(figure, path)


PLOTS = {
    "reliability.png": (plot_reliability, "Reliability: what followed, by what was forecast"),
    "lead_times.png": (plot_leads, "Lead of the first alarm before each onset"),
    "economic_value.png": (plot_value, "Relative economic value over cost-loss ratios"),
    "alarm_burden.png": (plot_burden, "Hits against alarms a week"),
}
