"""The board's pages: HTML for people, one noun a file. What machines read is `api.routes`.

Where do I go to…
- today's alerts: `board`; every alert in a table: `alert_table`; one alert: `alert`; one product: `product`
- the plan of an alert and what if: `plan`; what people do with an alert: `acts`
- when growers should sell and what not to plant more of: `guidance`
- feeds, rejected lines, names to confirm, uploads: `data_health`
- what forecasts were worth: `skill`; the ledger: `runs`
- words and formulas: `words`; the interface: `interface`
- what a page shows when something is wrong: `trouble`; the numbers of charts: `charts`

Every page takes `lang` (zh, en) and, where days matter, `as_of`, so that an address says what is seen.
"""

from __future__ import annotations

from api.pages import (
    acts,
    alert,
    alert_table,
    board,
    charts,
    data_health,
    guidance,
    interface,
    plan,
    product,
    runs,
    skill,
    words,
)

PAGES = (
    board, alert_table, plan, alert, acts, product, guidance, charts, data_health, skill, runs, words, interface,
)  # fmt: skip
"""In the order in which their addresses are tried."""
