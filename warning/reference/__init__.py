"""The reviewed facts, read into a `Catalog`: the shipped files of this folder, then the user's own of the same names.

| file | holds |
| --- | --- |
| products.csv | products: group, shelf life, what can be done with them, outlet markets |
| product_names.csv | their other names, by language; a name with a country means the product only there |
| ambiguous_names.csv | names that mean several products: they never resolve |
| not_one_product.csv | names of no single product (其他…, 组合装): rejected as `not_one_product` |
| markets.csv, townships.csv | places |
| units.csv | units of weight, and those that are refused with their reason |
| departments.csv | departments under their names through time |
| channels.toml | absorption channels with clause, lead and co-departments |
| school_holidays.csv | when canteens of schools buy nothing |
| seedling_lines.csv | seedlings a 旬 at which a country's planting light turns yellow or red |
| documented_gluts.csv | gluts and near-misses that were written of, with what was done |
| yearly_targets.csv | tonnes a year by the yearly guidance plan; none is shipped: each district is set its own |
| thresholds.toml | the level lines (`warning.thresholds`) |

A user's file may hold some columns only; the same id replaces a shipped row, a new id adds one. A user's row of
product_names.csv also settles a name that ships as ambiguous. Everything that contradicts itself is an
InvalidReference naming file, line, column and remedy.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from warning.catalog import Catalog
from warning.reference import tables
from warning.reference.checks import check_catalog

SHIPPED: Final = Path(__file__).parent
FILES: Final = (
    "products.csv", "product_names.csv", "ambiguous_names.csv", "not_one_product.csv", "markets.csv", "townships.csv",
    "units.csv", "departments.csv", "channels.toml", "school_holidays.csv",
    "seedling_lines.csv", "documented_gluts.csv", "yearly_targets.csv",
)  # fmt: skip

__all__ = ["FILES", "SHIPPED", "load_catalog"]


def load_catalog(extra: Path | None = None) -> Catalog:
    """The shipped facts, with those of the user's folder `extra` over them where it has files of the same names.

    The shipped part is read once a process. Raises InvalidReference where a file contradicts itself or another.
    """
    if extra is None or not any((extra / name).is_file() for name in FILES):
        return _shipped()
    return _read((SHIPPED, extra))


@cache
def _shipped() -> Catalog:
    return _read((SHIPPED,))


def _read(folders: tuple[Path, ...]) -> Catalog:
    names = tables.product_names(folders)
    products = tables.products(folders, names)
    channels = tables.channels(folders)
    catalog = Catalog(
        products=products,
        markets=tables.markets(folders),
        townships=tables.townships(folders),
        departments=tables.departments(folders),
        channels=channels,
        units=tables.units(folders),
        country_names={(name.country, name.name): name.product_id for name in names if name.country},
        ambiguous_names=tables.ambiguous_names(folders),
        not_one_product=tables.not_one_product(folders),
        school_holidays=tables.school_holidays(folders),
        seedling_lines=tables.seedling_lines(folders, products),
        documented_gluts=tables.documented_gluts(folders, products),
        yearly_targets=tables.yearly_targets(folders, products, channels),
    )
    check_catalog(catalog)
    return catalog
