"""Any sequence of uploads and retractions is answered like a list of versions that is searched from end to end."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warning.errors import Conflict
from warning.store.observations import read_panel, series_ids
from warning.store.series import Knowledge, observations
from warning.store.snapshots import retract
from warning.store.types import day_of

EPOCHS = itertools.count()
"""Examples share a store; each has its own product and its own years, so that none sees another's."""
VARIETIES = ("", "Red")


@dataclass
class Version:
    """One version as the model keeps it."""

    key: tuple[dt.date, str]
    price: float
    issued: dt.datetime
    assumed: bool
    late: bool
    number: int
    upload: Upload
    promoted: bool = False


@dataclass
class Upload:
    """An upload as the model knows it."""

    bytes: str
    received: dt.datetime
    id: int = 0
    retracted: dt.datetime | None = None


@dataclass
class Model:
    """The rules of decision 1, written down naively."""

    versions: list[Version] = field(default_factory=list)

    def take(self, lines, upload, number):
        held = [version for version in self.versions if version.upload.retracted is None]
        told = {}
        for line in lines:
            key, stated = (line.day, line.variety), line.issued is not None
            issued = line.issued if stated else dt.datetime.combine(line.day, dt.time(), dt.UTC) + dt.timedelta(days=1)
            told.setdefault((key, min(issued, upload.received)), (line.price, stated))
        fresh = {}
        for (key, issued), (price, stated) in sorted(told.items(), key=lambda one: one[0]):
            mine = [version for version in held if version.key == key]
            if self._says(mine, price, issued, stated, upload):
                continue
            late = bool(mine) and not stated
            at = upload.received if late else issued
            fresh.setdefault((key, at), Version(key, price, at, not stated and not late, late, number, upload))
        self.versions.extend(fresh.values())

    def promote(self, taken_back):
        """The correction of a first version that was taken back is the first version now."""
        for gone in self.versions:
            if gone.upload is not taken_back or not gone.assumed:
                continue
            held = [one for one in self.versions if one.key == gone.key and one.upload.retracted is None]
            first = min(held, key=lambda version: (version.issued, version.number), default=None)
            if first is not None and first.late:
                first.issued, first.assumed, first.late, first.promoted = gone.issued, True, False, True

    def _says(self, held, price, issued, stated, upload):
        if not held:
            return False
        current = max(held, key=lambda version: (version.issued, version.number))
        return any(
            version.price == price
            and (
                (version is current and not stated)
                or (stated and version.issued == issued)
                or version.upload.bytes == upload.bytes
            )
            for version in held
        )

    def answer(self, as_of, received_before=None):
        moment = received_before or as_of
        found = {}
        for version in self.versions:
            upload = version.upload
            if upload.retracted is not None and not upload.received <= moment < upload.retracted:
                continue
            if version.issued > as_of or (received_before and upload.received > received_before):
                continue
            found.setdefault(version.key, []).append(version)
        prices = {}
        for (day, _), versions in found.items():
            best = max(versions, key=lambda version: self._standing(version, as_of))
            prices.setdefault(day, []).append(best.price)
        return {day: sum(values) / len(values) for day, values in prices.items()}

    def _standing(self, version, as_of):
        unread = version.promoted and version.upload.received > as_of
        return not unread, version.issued, version.number


hours = st.integers(0, 24 * 12)
row = st.tuples(
    st.integers(0, 1), st.sampled_from(VARIETIES), st.sampled_from([1.0, 2.0, 3.0]), st.one_of(st.none(), hours)
)
uploads = st.tuples(st.just("take"), st.lists(row, min_size=1, max_size=5))
again = st.tuples(st.just("again"), st.integers(0, 5))
takings_back = st.tuples(st.just("retract"), st.integers(0, 5))
steps = st.lists(st.one_of(uploads, uploads, again, takings_back), min_size=1, max_size=7)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, gap=st.integers(1, 60))
def test_every_as_of_is_answered_like_a_naive_model(store, upload, line, steps, gap):
    epoch = next(EPOCHS)
    base = dt.date(1980, 1, 1) + dt.timedelta(days=60 * epoch)
    start = dt.datetime.combine(base, dt.time(6), dt.UTC)
    product, model, done = f"product-{epoch}", Model(), []
    now = start
    for number, (kind, what) in enumerate(steps):
        now += dt.timedelta(hours=gap)
        if kind == "retract":
            _take_back(store, model, done, what, now)
            continue
        if kind == "again" and not done:
            continue
        lines = done[what % len(done)][1] if kind == "again" else _lines(line, product, base, start, what)
        sha256 = f"{epoch}-{done[what % len(done)][0].bytes if kind == 'again' else number}"
        one = Upload(sha256.split("-", 1)[1], now)
        model.take(lines, one, number)
        one.id = upload(store, lines, now, sha256=sha256).id
        done.append((one, lines))
    if not done:
        return
    moments = [start + dt.timedelta(hours=hour) for hour in range(0, gap * 8 + 24 * 13, 24)]
    for as_of in moments:
        for received in (None, moments[len(moments) // 3]):
            expected = model.answer(as_of, received)
            assert _told(store, product, as_of, received) == pytest.approx(expected)


def _lines(line, product, base, start, rows):
    return [
        line(
            base + dt.timedelta(days=day),
            price,
            variety=variety,
            series=product,
            issued=None if hour is None else start + dt.timedelta(hours=hour),
        )
        for day, variety, price, hour in rows
    ]


def _take_back(store, model, done, which, now):
    if not done:
        return
    one = done[which % len(done)][0]
    if one.retracted:
        with pytest.raises(Conflict):
            retract(store, one.id, at=now, reason="")
        return
    retract(store, one.id, at=now, reason="mistaken")
    one.retracted = now
    model.promote(one)


def _told(store, product, as_of, received):
    """What the run's reader says, after comparing it with what the service's says."""
    key = f"{product}@in-test-alpha:wholesale"
    with store.session() as session:
        page = observations(session, key, Knowledge(as_of, received), limit=100)
        number = series_ids(session)[key]
    panel = read_panel(store, as_of=as_of, received_before=received, series_ids=np.array([number]), few=True)
    told = {day_of(int(day)): price for day, price in zip(panel.day, panel.price, strict=True)}
    assert told == pytest.approx({one.day: one.price_per_kg for one in page.items})
    return told
