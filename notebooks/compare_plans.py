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
# # 比较消纳方案 · Compare plans
#
# 同一天的滞销量，放在不同条件下各排一次：现状、超市不收、冷库减半、多存两天；与就近手工安排并列。
#
# The day's surplus placed under several conditions, beside nearest first by hand.

# %%
import datetime as dt

import pandas as pd
import plots

from warning.absorption.document import compared, plan_document
from warning.absorption.plan import make_plan
from warning.absorption.shocks import parse_shock
from warning.reference import load_catalog
from warning.store.engine import open_store
from warning.store.planning import Scope, problem_for

plots.chinese_font()
store, catalog, now = open_store(), load_catalog(), dt.datetime.now(dt.UTC)

# %%
whats = {
    "现状 as it stands": [],
    "商超不收 no shops": ["channel:buyer-matching"],
    "冷库减半 half the stores": ["capacity:cold-storage-outlets=0.5"],
    "多存两天 two days longer": ["storage:*=2"],
}
asked = {
    title: problem_for(store, catalog, Scope(), now=now, shocks=[parse_shock(text) for text in shocks])
    for title, shocks in whats.items()
}
plans = {title: make_plan(one.problem, catalog) for title, one in asked.items()}

# %%
beside = compared(plans.items())
pd.DataFrame([one["totals"] | {"plan": one["title"]} for one in beside]).set_index("plan")[
    ["surplus_t", "placed_t", "wasted_t", "value_cny", "worst_share", "mean_km"]
]

# %%
plots.side_by_side(beside, "各渠道吨数 · tonnes by channel")

# %% [markdown]
# ## 与手工就近安排相比 · Against nearest first by hand

# %%
calm = plans["现状 as it stands"]
figures = ["wasted_t", "value_cny", "worst_share", "mean_km"]
pd.DataFrame(
    {
        name: {figure: getattr(totals, figure) for figure in figures}
        for name, totals in {"方案 plan": calm.totals, "手工 by hand": calm.by_hand}.items()
    }
).round(3)

# %% [markdown]
# ## 谁来办 · Who does what

# %%
document = plan_document(calm, asked["现状 as it stands"].problem, catalog)
pd.DataFrame(document["channels"])[["name_zh", "clause", "lead_zh", "tonnes_t", "units", "first_day", "last_day"]]
