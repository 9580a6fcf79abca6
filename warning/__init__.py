"""What a slow-sales warning is: pure functions and frozen types, and the store they are kept in.

Where do I go to…

- learn what a product, market or township is: `warning.catalog`, and the reviewed facts in `warning/reference`
- look up a name in any language: `warning.names`
- see what may be wrong with a number: `warning.quality`
- change how r, z, g, v or a stall is computed: `warning.indicators`
- change what counts as a slow-sales spell: `warning.spells`
- change a level line: `warning/reference/thresholds.toml`, read by `warning.levels`
- see how readings become an assessment with its drivers: `warning.assess`
- see how assessments become alerts that open, rise, ease and end: `warning.alerts`
- tell too much planted before it comes to market: `warning.planting`
- find what happened in the past when things stood alike: `warning.cases`, over `warning.situations`
- find who can absorb a surplus: `warning.absorption`
- read or write anything that lasts: `warning.store`, the only room that knows SQL
"""
