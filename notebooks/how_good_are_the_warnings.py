# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 预警准不准 · How good are the warnings
#
# 用同一把尺子量规则和常年概率：只看还没有滞销的那些周，问其后几周内会不会开始滞销。
#
# Rules measured by one yardstick: of the weeks that are still clear, does a spell begin within the next weeks.
# 模型的成绩见 `changxiao skill` 和评分页；这里看规则为什么不够。

# %%
import datetime as dt

import numpy as np
import pandas as pd
import plots

from models.lead_times import lead_times
from models.rules import anomaly_rule, miews_triggers
from models.skill import event_skill
from warning.spells import spells_of_weeks, weekly_prices
from warning.store.engine import open_store
from warning.store.tidy import panel

plots.chinese_font()
HORIZON = 4
prices = panel(open_store(), as_of=dt.datetime.now(dt.UTC))
wide = prices.pivot_table(index="day", columns="series", values="price_per_kg").asfreq("D")
wide.shape

# %% [markdown]
# ## 哪些周算数，后来怎样 · Which weeks count, and what came of them

# %%
weekly = weekly_prices(wide)
spells = spells_of_weeks(weekly)
eligible = spells.tellable(HORIZON).to_numpy().T
outcome = spells.onset_within(HORIZON).to_numpy().T
eligible.sum(), outcome[eligible].mean().round(3)

# %% [markdown]
# ## 规则的成绩 · The skill of the rules

# %%
values = weekly.to_numpy().T
scores = {"当前异常 rule": anomaly_rule(values), "MIEWS": miews_triggers(values)}
skill = {name: event_skill(outcome[eligible], score[eligible], is_probability=False) for name, score in scores.items()}
pd.DataFrame({name: one.to_document() for name, one in skill.items()}).T[
    ["rows", "base_rate", "roc_auc", "pr_auc", "pod", "far", "csi"]
]

# %% [markdown]
# ## 提前多久 · How early

# %%
line = skill["当前异常 rule"].line
alarmed = eligible & (np.nan_to_num(scores["当前异常 rule"], nan=-9.0) >= line)
weeks = np.flatnonzero(eligible.any(axis=0))
leads = lead_times(
    spells.onset.to_numpy().T, alarmed, eligible, horizon=HORIZON, first=int(weeks[0]), last=int(weeks[-1])
)
plots.bars(
    {f"提前 {week} 周" if week else "没有预警": count for week, count in enumerate(leads.counts)},
    "每次滞销开始之前，最早的警报有多早",
    "次 · onsets",
)

# %% [markdown]
# ## 常年概率可靠吗 · Is climatology reliable
#
# 用前一半年份各月开始滞销的比例，去说后一半年份：说的概率与实际比例差多少。
#
# The share of each month in the first half of the years, said of the second half.

# %%
month = np.broadcast_to(weekly.index.month.to_numpy(), eligible.shape)
late = np.broadcast_to(weekly.index >= weekly.index[len(weekly) // 2], eligible.shape)
table = pd.DataFrame({"month": month[eligible], "late": late[eligible], "outcome": outcome[eligible]})
said = table[~table["late"]].groupby("month")["outcome"].mean()
came = table[table["late"]].groupby("month")["outcome"].agg(["mean", "size"])
beside = came.assign(said=said).dropna()
plots.reliability(
    list(zip(beside["said"], beside["mean"], beside["size"], strict=True)), "各月的常年概率 · climatology"
)
