"""The one door to the ingest: it loads pandas, so it is opened when something is uploaded or asked of feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.directory import Reference
    from pipelines.feeds.base import Feed
    from pipelines.ingest import IngestReport
    from warning.store.engine import Store


def known_feeds() -> Mapping[str, Feed]:
    """Every feed that can be read, by id."""
    from pipelines.ingest import FEEDS

    return FEEDS


def take_in(
    store: Store,
    feed: str,
    files: list[tuple[str, bytes]],
    *,
    received_by: str,
    received_at: dt.datetime,
    mapping: dict[str, Any] | None,
    constants: dict[str, str],
    strict: bool,
    reference: Reference,
) -> IngestReport:
    """Ingest uploaded files as one snapshot; all of it is stored, or nothing."""
    from pipelines.ingest import ingest_upload

    return ingest_upload(
        store,
        feed,
        files,
        received_by=received_by,
        received_at=received_at,
        mapping=mapping,
        constants=constants,
        strict=strict,
        catalog=reference.reviewed,
    )
