"""Forecasting: frames in, frames out, never the store.

Where do I go to…

- see what every model promises: `models/base.py`
- read the baselines: `models/naive.py`
- read the statsmodels forecasts: `models/theta.py`
- see how a band is made from past errors: `models/bands.py`
"""
