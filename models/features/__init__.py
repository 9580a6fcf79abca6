"""Features of the models over all series: what could be read on a Sunday, and nothing later.

Where do I go to…

- see which blocks there are and get their values: `table.py`
- what every block starts from: `state.py`; lags and windows: `reach.py`
- the series' own price and season: `own_price.py`; whether it trades, and how much: `presence.py`
- other markets and products: `groups.py`, `neighbours.py`; the calendar: `calendar.py`
"""
