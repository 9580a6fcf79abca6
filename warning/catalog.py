"""The catalog: products, markets, townships, departments, units and channels as frozen facts.

Ids are ours and language-free (`onion`, `cn-cq-shuangfu`, `500155104`); one product across countries.
The facts themselves stand in `warning/reference` and are read by `warning.reference.load_catalog`.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field


class PriceKind(enum.StrEnum):
    """What a price is a price of; series of different kinds are never mixed."""

    FARM_GATE = "farm_gate"
    WHOLESALE = "wholesale"
    AUCTION = "auction"
    RETAIL = "retail"
    COST = "cost"


DISTRICT_ID = "500155"
"""梁平区 (GB/T 2260); the place of the district's own alerts."""
DISTRICT_NAMES = ("梁平区", "Liangping District")


class PlaceKind(enum.StrEnum):
    """Where an alert's subject lies."""

    MARKET = "market"
    TOWNSHIP = "township"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Product:
    """One kind of produce, whatever it is called and wherever it is sold."""

    id: str
    name_zh: str
    name_en: str
    group: str
    """vegetable_leaf, vegetable_head, vegetable_root, vegetable_fruit, fruit, citrus, grain, pulse, oil, meat,
    egg, fish, mushroom, bamboo, flower, spice, feed, index, other."""
    shelf_life_days: int
    """Days from harvest to unsaleable under the storage usual in the district."""
    synonyms: tuple[str, ...] = ()
    """Other names in any language; traditional and simplified forms of the same word need not both stand here."""
    outlet_markets: tuple[str, ...] = ()
    """Market ids whose volume-weighted median price is the district's reading."""
    storable: bool = False
    boxable: bool = True
    processable: bool = False
    exportable: bool = False
    institutional: bool = True
    """Canteens can use it daily."""
    local: bool = False
    """Grown in the district in quantities that matter."""
    varieties_alone: tuple[str, ...] = ()
    """Varieties that speak for themselves as a series of their own."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Market:
    """A place of trade, unique by country and region."""

    id: str
    name: str
    name_zh: str
    country: str
    region: str = ""
    synonyms: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    lunar: bool = True
    """The country keeps 春节, so that seasons around it go by lunar offset."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Township:
    """A township or street of the district with its administrative code (GB/T 10114)."""

    id: str
    name_zh: str
    name_en: str
    latitude: float | None = None
    longitude: float | None = None
    key: bool = False
    """A 重点帮扶 township: served first."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """A department under the name it had in a span of time; `id` outlives renamings."""

    id: str
    name_zh: str
    name_en: str
    since: dt.date | None = None
    until: dt.date | None = None
    merged_into: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """An absorption channel of the plan (消纳渠道) with its clause and who leads."""

    id: str
    number: int
    name_zh: str
    name_en: str
    clause: str
    lead: str
    """Department id; look its name up for the day in question."""
    with_departments: tuple[str, ...] = ()
    start_days: tuple[int, int] = (0, 0)
    suits: tuple[str, ...] = ()
    """Product groups or ids it suits; empty means any."""
    min_shelf_life_days: int = 0
    max_shelf_life_days: int = 9999
    needs: tuple[str, ...] = ()
    """Product properties it needs: storable, boxable, processable, exportable, institutional."""
    capacity_note: str = ""
    emergency_only: bool = False
    enabler: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of weight, or one that cannot be a weight (per piece, per box)."""

    name: str
    kg: float | None
    """Kilograms in one; None where it cannot be converted."""
    synonyms: tuple[str, ...] = ()
    refusal: str = ""
    """Why it cannot be converted, for the rejected row's reason."""


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """A span in which schools buy nothing; without a year it returns every year."""

    name_zh: str
    name_en: str
    first: tuple[int, int]
    """Month and day."""
    last: tuple[int, int]
    year: int | None = None
    """The year of `first`; None: every year, unless that year has a holiday of the same name of its own."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class NotOneProduct:
    """A way of naming what is no single product: 其他…, 组合装, 콩류. Rows of it are rejected as `not_one_product`."""

    match: str
    """exact, starts or contains: how `text` is compared with a name."""
    text: str
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class SeedlingLine:
    """How many seedlings a ten-day period (旬) a country's growers may be sold before its planting light changes."""

    product_id: str
    country: str
    yellow: float
    red: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class DocumentedGlut:
    """A slow sale that newspapers or offices have written of, with what was done; or one that did not come."""

    id: str
    product_id: str
    country: str
    places: tuple[str, ...]
    """Words of regions and markets; none means the whole country."""
    start_day: dt.date
    end_day: dt.date
    label: str
    """glut, or near_miss: feared or sharp, and no glut."""
    what_zh: str
    what_en: str
    measures_zh: str = ""
    """What was done; blank where nothing is known of it."""
    measures_en: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class YearlyTarget:
    """Tonnes to be placed in a year by the yearly guidance plan (年度指导性计划, 九(四))."""

    id: str
    year: int
    channel_id: str
    """Blank: by any channel."""
    product_id: str
    """Blank: of any product."""
    tonnes: float
    source: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything reviewed, by id. Build it with `warning.reference.load_catalog`."""

    products: dict[str, Product] = field(default_factory=dict)
    markets: dict[str, Market] = field(default_factory=dict)
    townships: dict[str, Township] = field(default_factory=dict)
    departments: dict[str, tuple[Department, ...]] = field(default_factory=dict)
    """Each id with its names through time, oldest first."""
    channels: dict[str, Channel] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    country_names: dict[tuple[str, str], str] = field(default_factory=dict)
    """(country, name) -> product id: names that mean something else in that country (TW 玉米 is sweet corn)."""
    ambiguous_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that mean several products (青菜), with the ids; they never resolve."""
    not_one_product: tuple[NotOneProduct, ...] = ()
    school_holidays: tuple[SchoolHoliday, ...] = ()
    seedling_lines: dict[tuple[str, str], SeedlingLine] = field(default_factory=dict)
    """By product id and country."""
    documented_gluts: dict[str, DocumentedGlut] = field(default_factory=dict)
    yearly_targets: dict[str, YearlyTarget] = field(default_factory=dict)

    def department_on(self, department_id: str, day: dt.date) -> Department:
        """The department under the name it has on `day`, following mergers."""
        seen: set[str] = set()
        while department_id not in seen:
            seen.add(department_id)
            for department in self.departments[department_id]:
                if (department.since is None or department.since <= day) and (
                    department.until is None or day <= department.until
                ):
                    return department
            department_id = self.departments[department_id][-1].merged_into or department_id
        return self.departments[department_id][-1]
