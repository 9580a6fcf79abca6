"""What the files say of one another: every id referred to exists, and no name means two things."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from warning.catalog import Catalog
from warning.errors import InvalidReference
from warning.reference.spelling import plain, province
from warning.reference.tables import GROUPS


def check_catalog(catalog: Catalog) -> None:
    """Raise InvalidReference for the first contradiction found."""
    _check_product_names(catalog)
    _check_products(catalog)
    _check_markets(catalog)
    _check_departments(catalog)
    _check_channels(catalog)
    _one_meaning(((unit.name, *unit.synonyms), unit.name, "units.csv") for unit in catalog.units.values())
    _one_meaning(((t.name_zh, t.name_en), t.id, "townships.csv") for t in catalog.townships.values())


def _one_meaning(entries: Iterable[tuple[Iterable[str], str, str]]) -> dict[str, str]:
    """The id of each plain name; InvalidReference where a name has two."""
    owner: dict[str, str] = {}
    for names, key, file in entries:
        for name in names:
            if owner.setdefault(plain(name), key) != key:
                raise InvalidReference(
                    f"{name!r} means both {owner[plain(name)]!r} and {key!r}",
                    where=f"{file}, column {'synonyms' if 'product' not in file else 'name'}",
                    todo="take the name off one of the two",
                )
    return owner


def _known(ids: Iterable[str], known: Iterable[str], where: str, kind: str) -> None:
    known = set(known)
    for one in ids:
        if one not in known:
            todo = f"correct the id, or add the {kind}"
            raise InvalidReference(f"there is no {kind} {one!r}", where=where, todo=todo)


def _check_product_names(catalog: Catalog) -> None:
    file = "products.csv and product_names.csv"
    owner = _one_meaning(
        ((product.id, product.name_zh, product.name_en, *product.synonyms), product.id, file)
        for product in catalog.products.values()
    )
    for name, ids in catalog.ambiguous_names.items():
        _known(ids, catalog.products, f"ambiguous_names.csv, name {name}, column product_ids", "product")
        if plain(name) in owner:
            what = f"{name!r} is declared ambiguous and is a name of {owner[plain(name)]!r}"
            raise InvalidReference(what, where="ambiguous_names.csv, column name", todo="take it out of one file")
    for (country, name), product_id in catalog.country_names.items():
        where = f"product_names.csv, name {name}, country {country}, column product_id"
        _known((product_id,), catalog.products, where, "product")


def _check_products(catalog: Catalog) -> None:
    for product in catalog.products.values():
        where = f"products.csv, id {product.id}, column outlet_markets"
        _known(product.outlet_markets, catalog.markets, where, "market")


def _check_markets(catalog: Catalog) -> None:
    """A market is unique by country and region: there its names may not be another's."""
    owner: dict[tuple[str, str, str], str] = {}
    for market in catalog.markets.values():
        for name in (market.name, market.name_zh, *market.synonyms):
            key = (market.country, plain(province(market.region)), plain(name))
            if owner.setdefault(key, market.id) != market.id:
                what = f"{name!r} means both {owner[key]!r} and {market.id!r} in {market.country} {market.region}"
                where = f"markets.csv, id {market.id}, column synonyms"
                raise InvalidReference(what, where=where, todo="take the name off one of the two")


def _check_departments(catalog: Catalog) -> None:
    for key, spans in catalog.departments.items():
        merged = [span.merged_into for span in spans if span.merged_into]
        _known(merged, catalog.departments, f"departments.csv, id {key}, column merged_into", "department")
        for earlier, later in pairwise(spans):
            if earlier.until is None or (later.since is not None and later.since <= earlier.until):
                what = f"{earlier.name_zh} and {later.name_zh} are names of {key!r} on the same day"
                where = f"departments.csv, id {key}, column until"
                raise InvalidReference(what, where=where, todo="end the earlier name before the later one begins")


def _check_channels(catalog: Catalog) -> None:
    numbers: dict[int, str] = {}
    for channel in catalog.channels.values():
        where = f"channels.toml, id {channel.id}"
        if numbers.setdefault(channel.number, channel.id) != channel.id:
            what = f"number {channel.number} is that of {numbers[channel.number]!r} too"
            raise InvalidReference(what, where=f"{where}, key number", todo="give each channel its own number")
        _known((channel.lead,), catalog.departments, f"{where}, key lead", "department")
        _known(channel.with_departments, catalog.departments, f"{where}, key with", "department")
        _known(channel.suits, GROUPS | set(catalog.products), f"{where}, key suits", "product or group")
