"""Guidance to growers (五(一)): when to market what is there, and what not to plant more of.

`marketing_time` schedules sales over the weeks of a forecast; `planting_outlook` weighs a harvest 60 to 90 days ahead
against what can be taken; `grower_sheet` says both on one page. Formulas and sources: docs/guidance.md.
"""
