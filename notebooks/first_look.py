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
# # 初看一个价格序列 · A first look at a price series
#
# 库里有什么、某一天已知什么、价格与季节相比如何。数据来自 `CHANGXIAO_HOME` 所指的库；演示区的数据是模拟的。
#
# What the store holds, what was known on a day, how the price stands against its season.

# %%
import datetime as dt

import plots

from warning.spells import spells_of_weeks, weekly_prices, weekly_reference
from warning.store.engine import open_store
from warning.store.tidy import panel

plots.chinese_font()
store = open_store()
now = dt.datetime.now(dt.UTC)

# %%
prices = panel(store, as_of=now)
prices.groupby(["product", "market"]).agg(
    first=("day", "min"), last=("day", "max"), days=("day", "size"), simulated=("simulated", "any")
)

# %% [markdown]
# ## 一个品种在一个市场 · One product at one market

# %%
busiest = prices.groupby("series")["volume_kg"].sum().idxmax()
one = prices[prices["series"] == busiest].set_index("day")
one[["price_per_kg", "volume_kg"]].describe().round(2)

# %% [markdown]
# ## 周价与往年同周 · The week's price against the same week of past years
#
# 参考价是前三年同周平滑均值；低于它八成、持续两周以上为滞销段。

# %%
weekly = weekly_prices(one[["price_per_kg"]])
reference = weekly_reference(weekly)
plots.price_and_season(weekly["price_per_kg"], reference["price_per_kg"], busiest)

# %%
spells = spells_of_weeks(weekly)
spells.onset["price_per_kg"].pipe(lambda onset: onset[onset].index.strftime("%Y-%m-%d").tolist())

# %% [markdown]
# ## 当时知道什么 · What was known then
#
# 同一序列，以一年前那天所知再读一次：之后的行和更正都不在里面。

# %%
year_ago = now - dt.timedelta(days=365)
then = panel(store, as_of=year_ago, products=[one["product"].iloc[0]])
then["day"].max(), prices["day"].max()
