"""The jobs: read feeds, ingest, run the day, deliver; and `pipelines.cli`, where everything is put together.

Where do I go to…

- add a market feed: copy `pipelines/feeds/example.py`, then add a line to the table in `pipelines/feeds/__init__.py`
- see what happens to a row after it is read: `pipelines/ingest`
- see what the daily run does, in order: `pipelines/daily.py`
- change when jobs run: `pipelines/schedule.py`
- change a command: `pipelines/cli.py`
- look at the simulated district: `pipelines/demo`
"""
