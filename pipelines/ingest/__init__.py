"""Ingest: raw bytes kept, rows read, checked, matched, converted, judged and stored, every line accounted for.

The way of a row: `pipelines.feeds` reads it, `checking` asks what it may not be, `matching` finds what its names
mean, `units` converts it, `plausibility` looks for ten-fold slips, `loading` writes everything in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.feeds import FEEDS, feed_named
from pipelines.feeds.base import Feed, ReadOptions
from pipelines.feeds.opening import Upload, open_upload
from pipelines.ingest.account import IngestReport, UploadRefused
from pipelines.ingest.loading import Loaded, load
from pipelines.ingest.matching import Matcher
from pipelines.ingest.progress import watched
from pipelines.ingest.sifting import Sieve, today_of
from pipelines.ingest.units import UnitTable
from warning.catalog import Catalog
from warning.errors import InvalidMapping
from warning.names import NameIndex
from warning.quality import Quality
from warning.reference import load_catalog
from warning.store.engine import Session, Store
from warning.store.markets import registered_markets
from warning.store.names import decided_names
from warning.store.observations import hold_lock
from warning.store.snapshots import RawBytes, close_snapshot, keep_raw, open_snapshot, same_account

__all__ = ["FEEDS", "IngestReport", "UploadRefused", "feed_named", "ingest_paths", "ingest_upload"]


def ingest_paths(store: Store, feed_id: str, paths: Sequence[Path], **how: Any) -> IngestReport:
    """Ingest files, folders or archives; see `ingest_upload` for what else may be said."""
    return _ingest(store, feed_named(feed_id), list(paths), **how)


def ingest_upload(
    store: Store,
    feed_id: str,
    files: Sequence[tuple[str, bytes]],
    **how: Any,
) -> IngestReport:
    """Ingest files given by name and content as one snapshot; all of it is stored, or nothing.

    Options: `received_by`, `received_at` (default now), `mapping` (for feeds that need one), `constants`,
    `strict` (raise UploadRefused where a line is rejected), `catalog`, `simulated` (shown as such everywhere).
    """
    return _ingest(store, feed_named(feed_id), list(files), **how)


def _ingest(
    store: Store,
    feed: Feed,
    sources: Sequence[Path | tuple[str, bytes]],
    *,
    received_by: str = "",
    received_at: dt.datetime | None = None,
    mapping: Mapping[str, Any] | None = None,
    constants: Mapping[str, str] | None = None,
    strict: bool = False,
    catalog: Catalog | None = None,
    simulated: bool = False,
) -> IngestReport:
    own_markets = feed.needs_mapping and (mapping or {}).get("registers_markets") is True
    feed = replace(feed, simulated=feed.simulated or simulated, registers_markets=feed.registers_markets or own_markets)
    received_at = received_at or dt.datetime.now(dt.UTC)
    if feed.needs_mapping and not mapping:
        raise InvalidMapping(
            f"the feed {feed.id} needs a mapping file", todo="add --mapping FILE (see docs/mapping.md)"
        )
    upload = open_upload(sources, suffixes=feed.suffixes)
    raw = keep_raw(store.home, feed.id, upload.name, upload.write_raw)
    with store.session() as session:
        sieve = Sieve(feed, *_names(session, store, feed, catalog), received_at)
    options = ReadOptions(
        today=today_of(received_at), mapping=dict(mapping) if mapping else None, constants=dict(constants or {})
    )
    with watched(upload, len(upload), feed.id) as files:
        for batch in feed.read(files, options):
            sieve.take(batch)
    return _write(store, sieve, upload, raw, received_at=received_at, received_by=received_by, strict=strict)


def _names(session: Session, store: Store, feed: Feed, catalog: Catalog | None) -> tuple[Matcher, UnitTable]:
    catalog = catalog or load_catalog(store.home / "reference")
    index = NameIndex(catalog, registered_markets(session).values(), decided_names(session))
    return Matcher(feed, catalog, index), UnitTable(index)


class _NothingNew(Exception):
    """The same bytes were taken in before, and nothing in them is new."""


def _write(
    store: Store,
    sieve: Sieve,
    upload: Upload,
    raw: RawBytes,
    *,
    received_at: dt.datetime,
    received_by: str,
    strict: bool,
) -> IngestReport:
    tally, feed = sieve.tally, sieve.feed
    snapshot_id: int | None = None
    loaded = Loaded()
    try:
        with store.writing() as session:
            hold_lock(session)
            snapshot_id = open_snapshot(
                session,
                raw,
                feed=feed.id,
                name=upload.name,
                received_at=received_at,
                received_by=received_by,
                simulated=feed.simulated,
            )
            loaded = load(store, session, sieve, snapshot_id, received_at)
            tally.rejected.sort(key=lambda line: (line.file, line.line))
            if strict and tally.rejected:
                raise UploadRefused(_report(sieve, upload, loaded, None))
            if not loaded.accepted and same_account(session, raw.sha256, feed.id, len(tally.rejected), snapshot_id):
                raise _NothingNew
            report = _report(sieve, upload, loaded, snapshot_id)
            close_snapshot(
                session,
                snapshot_id,
                tally.rejected,
                lines_read=report.lines_read,
                accepted=report.accepted,
                repeated=report.repeated,
                non_data=report.non_data,
                account=_account(report),
            )
    except _NothingNew:
        return _report(sieve, upload, loaded, None)
    return report


def _report(sieve: Sieve, upload: Upload, loaded: Loaded, snapshot_id: int | None) -> IngestReport:
    tally = sieve.tally
    report = IngestReport(
        feed=sieve.feed.id,
        name=upload.name,
        snapshot_id=snapshot_id,
        lines_read=tally.lines_read,
        accepted=loaded.accepted,
        repeated=loaded.repeated,
        rejected=len(tally.rejected),
        non_data=dict(tally.non_data),
        reasons=tally.reasons(),
        flags=_flag_counts(loaded),
        unknown_names=tuple(tally.unknown.values()),
        rejected_lines=tuple(tally.rejected),
        skipped_files=tuple(upload.skipped),
        notes=tuple(tally.notes),
    )
    found = report.accepted + report.repeated + report.rejected + sum(report.non_data.values())
    assert found == report.lines_read, f"{report.lines_read} lines read, {found} accounted for"
    return report


def _flag_counts(loaded: Loaded) -> dict[str, int]:
    if loaded.flags is None:
        return {}
    counts = {flag.name or "": int(((loaded.flags & int(flag)) != 0).sum()) for flag in Quality if flag}
    return {name: count for name, count in counts.items() if count}


def _account(report: IngestReport) -> dict[str, Any]:
    return {
        "reasons": report.reasons,
        "flags": report.flags,
        "skipped": list(report.skipped_files),
        "notes": list(report.notes),
    }
