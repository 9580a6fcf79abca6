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
# # 这次滞销事先看得出来吗 · Was this glut visible beforehand
#
# 逐日重放：每一天只知道次日 07:30 之前已发布的数据。什么时候第一次预警，凭什么。
#
# Replayed day by day with the knowledge of that day alone: when was the first warning, and on what ground.

# %%
import datetime as dt

import plots

from pipelines.replaying import replayed
from warning.reference import load_catalog
from warning.store.engine import open_store
from warning.store.known import stored_series
from warning.store.tidy import panel
from warning.thresholds import load_thresholds

plots.chinese_font()
store, catalog, thresholds = open_store(), load_catalog(), load_thresholds()
sorted({one.product_id for one in stored_series(store)})

# %% [markdown]
# ## 选一段时间 · Choose a span

# %%
product, weeks = "cabbage", 12
last = panel(store, as_of=dt.datetime.now(dt.UTC), products=[product])["day"].max().date()
first = last - dt.timedelta(weeks=weeks)
days = replayed(store, catalog, thresholds, product, first, last)
days.tail()

# %%
plots.levels(days["day"], days["level"], f"{catalog.products[product].name_zh}：全区逐日等级 · level by day")

# %% [markdown]
# ## 第一次到达各等级 · When each level was first reached

# %%
reached = days[days["level"] > 0].groupby("level").first()[["day", "r", "z", "v", "why_zh", "why_en"]]
reached

# %% [markdown]
# ## 读数怎样走到那一步 · How the readings came there
#
# r 是价格除以往年同旬；v 是到货量对往年同期的对数。

# %%
plots.lines(days.set_index("day")[["r", "v"]], "价格水平 r 与到货量 v", "")

# %% [markdown]
# ## 有记载的类似情形 · Documented cases of the product

# %%
[
    (one.start_day.isoformat(), one.country, one.what_zh, one.what_en)
    for one in catalog.documented_gluts.values()
    if one.product_id == product
]
