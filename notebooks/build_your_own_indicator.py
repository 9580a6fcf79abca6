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
# # 做一个自己的指标 · Build your own indicator
#
# 指标是一个函数：进一张宽表（日 × 序列），出一张同样形状的表，只用当日和以前的数据。
# 做好了，先问它比现有规则多知道什么。
#
# An indicator is a function of a wide frame (days × series) that reads the past alone; then ask what it adds.

# %%
import datetime as dt

import numpy as np
import pandas as pd
import plots

from models.rules import anomaly_rule
from models.skill import event_skill
from warning.indicators import reading
from warning.spells import spells_of_weeks, weekly_prices
from warning.store.engine import open_store
from warning.store.tidy import panel

plots.chinese_font()
prices = panel(open_store(), as_of=dt.datetime.now(dt.UTC))
price = prices.pivot_table(index="day", columns="series", values="price_per_kg").asfreq("D")
volume = prices.pivot_table(index="day", columns="series", values="volume_kg").asfreq("D")

# %% [markdown]
# ## 指标：四周跌幅 × 到货增幅 · Four weeks' fall times the rise of arrivals

# %%
fall = -np.log(reading(price) / reading(price).shift(28))
more = np.log(volume.rolling(28, min_periods=7).mean() / volume.rolling(364, min_periods=180).mean())
pressure = fall.clip(lower=0) * more.clip(lower=0)
plots.lines(pressure.iloc[-730:, :4], "价跌量增压力 · pressure", "")

# %% [markdown]
# ## 它看未来吗 · Does it look ahead
#
# 砍掉最后一年再算，前面一天都不许变。

# %%
cut = price.index[-365]
early = -np.log(reading(price.loc[:cut]) / reading(price.loc[:cut]).shift(28))
bool(early.equals(fall.loc[:cut]))

# %% [markdown]
# ## 比现有规则多知道什么 · What it adds to the rule

# %%
weekly = weekly_prices(price)
spells = spells_of_weeks(weekly)
eligible, outcome = spells.tellable(4).to_numpy().T, spells.onset_within(4).to_numpy().T
own = pressure.reindex(weekly.index).to_numpy().T
rule = anomaly_rule(weekly.to_numpy().T)
found = {
    "规则 rule": event_skill(outcome[eligible], rule[eligible], is_probability=False),
    "自己的 own": event_skill(outcome[eligible], own[eligible], is_probability=False),
}
pd.DataFrame({name: one.to_document() for name, one in found.items()}).T[["roc_auc", "pr_auc", "silent"]]
