"""The sentences that say why a forecast level is what it is, as they are stored.

Light on purpose: the board reads them, and nothing heavy may load before it answers.
"""

from __future__ import annotations

import re

NO_FORECAST = "no model of spell risk is released: no chance is told"
BASELINE_SPEAKS = "the model does not beat the baseline here: the season's usual chance is shown and warns of nothing"
FIGURES = re.compile(
    r"P\(below (?P<line>[\d.]+) within (?P<days>\d+) days\) = (?P<chance>[\d.]+) (?P<verb>passes|stays under) "
    r"its line (?P<from>[\d.]+)"
)
"""The figures as `warning.forecast_level.forecast_reason` writes them, for a reader in another language."""
