"""The simulated district: seven invented years of Liangping's markets and townships, as files that feeds read.

`build_world(last_day)` (`world.py`) is `changxiao demo`'s world and the tests' world. It writes bytes, never rows
in the store, so that everything that it shows has gone through the real ingest.

Where do I go to…
- add a product or a market: `recipes.py`
- see or change what goes wrong, where and why: `events.py`
- change the growing townships, lots and costs: `lots.py`; how stock and sales follow from them: `township_books.py`;
  the workbook that they are filled into: `workbook.py`
- change how prices and volumes move: `trade.py`; festivals by lunar date: `almanac.py`
- add a buyer: `buyers.py`

Every number is invented; the names of markets and townships are real, those of buyers are not.
"""
