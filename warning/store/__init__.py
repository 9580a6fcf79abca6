"""What lasts: the as-of store. The only room that knows SQL.

Where do I go to…

- open it: `warning.store.engine.open_store`
- see every table: `warning.store.tables`
- write observations in bulk: `warning.store.observations`
- keep which version superseded which: `warning.store.versions`
- read a panel as of an instant: `warning.store.panel_reader`; as a tidy frame, to explore: `warning.store.tidy`
- keep or take back raw bytes and their account: `warning.store.snapshots`
- confirm a name: `warning.store.names`
- read or write reports of townships: `warning.store.reports`
- keep the ledger of runs: `warning.store.runs`
- keep what a run found, and what people did with it: `warning.store.judging`, `warning.store.actions`
- keep a trained model, who may speak by it, and from which probability it warns: `warning.store.artifacts`,
  `warning.store.releases`, `warning.store.forecast_lines`
- keep or read forecasts, spell risks and their reasons: `warning.store.forecasts`, `warning.store.spell_risks`,
  `warning.store.risk_reasons`
- keep or read what the forecasts were worth: `warning.store.skill_reports`
- keep or read the register of absorbing units, places of townships, quotas: `warning.store.units`,
  `warning.store.township_places`, `warning.store.quotas`
- gather what a plan is made from, keep or read a plan: `warning.store.planning`, `warning.store.plans`
- keep or read what units in fact took: `warning.store.responses`
- change the schema: `warning/store/migrations`
- change a setting: `warning.store.settings`
"""
