"""The register of absorbing units as a workbook: units, townships, reserved purchases, what was in fact placed.

- a column: `columns.py`; how the workbook looks: `writing.py`; how cells become entries: `entries.py`, `reading.py`;
- what goes into the store and comes out of it: `taking.py`.
"""
