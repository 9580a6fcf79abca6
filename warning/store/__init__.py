"""What lasts: the as-of store. The only room that knows SQL.

Where do I go to…

- open it: `warning.store.engine.open_store`
- see every table: `warning.store.tables`
- write observations in bulk or read a panel as of an instant: `warning.store.observations`
- keep or take back raw bytes and their account: `warning.store.snapshots`
- confirm a name: `warning.store.names`
- read or write reports of townships: `warning.store.reports`
- keep the ledger of runs: `warning.store.runs`
- keep assessments and alerts: `warning.store.assessments`, `warning.store.alerts`
- change the schema: `warning/store/migrations`
- change a setting: `warning.store.settings`
"""
