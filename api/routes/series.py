"""Price series: which there are, what was known of them when, what was forecast."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.instants import Day, Moment
from api.queries import Market, Product, link_next
from api.schemas.basics import PLAIN_TEXT, Paging
from api.schemas.problem import UNCHANGED, problems
from api.schemas.series import ForecastList, ObservationList, SeriesItem, SeriesList, observation, series_item
from api.service import ServiceDep
from api.spoken import spoken_forecasts
from warning.store import series

router = APIRouter(prefix="/v1/series", tags=["series"])
SeriesId = Annotated[
    str,
    Path(description="序列 id · series id", examples=["onion@in-maharashtra-lasalgaon:wholesale"], pattern=PLAIN_TEXT),
]


class SeriesQuery(Paging):
    """Which series to show."""

    product: Product = None
    market: Market = None


class ObservationQuery(Paging):
    """Which days, and as known when."""

    limit: int = Field(1000, ge=1, le=10_000, description="每页天数 · days a page")
    as_of: Annotated[
        Moment | None,
        Field(
            description="当时已知：时刻（带时区），或日期（指次日北京时间 07:30）；省略为现在 · "
            "an instant with its zone, or a date (its next 07:30 in Shanghai); now where left out"
        ),
    ] = None
    received_before: Annotated[
        Moment | None,
        Field(description="只用此刻前本系统已收到的 · only what this system had received by then"),
    ] = None
    since: Annotated[Day | None, Field(alias="from", description="起日（含）· first day")] = None
    until: Annotated[Day | None, Field(alias="to", description="止日（含）· last day")] = None


@router.get("", summary="价格序列 · Price series", responses=UNCHANGED)
def list_series(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[SeriesQuery, Query()]
) -> SeriesList:
    """有哪些价格序列（品种 × 市场 × 价格种类）及其起止日。

    Every price series with the days it spans. Prices of different kinds are never mixed.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
        product = reference.product(asked.product) if asked.product else None
        market = reference.market(asked.market) if asked.market else None
        page = series.list_series(
            session,
            product_id=product,
            market_id=market,
            scope=repr(("series", product, market)),
            limit=asked.limit,
            cursor=asked.cursor,
        )
    items = [series_item(facts, reference) for facts in page.items]
    return SeriesList(items=items, next=link_next(request, response, page.next))


@router.get("/{series_id}", summary="一个序列 · One series", responses=UNCHANGED | problems(404))
def show_series(service: ServiceDep, series_id: SeriesId) -> SeriesItem:
    """一个价格序列：品种、市场、价格种类、币种、起止日。 · What the series is and which days it spans."""
    with service.store.session() as session:
        reference = service.directory.read(session)
        return series_item(series.find_series(session, series_id), reference)


@router.get("/{series_id}/observations", summary="行情 · Observations", responses=UNCHANGED | problems(404))
def list_observations(
    request: Request,
    response: Response,
    service: ServiceDep,
    series_id: SeriesId,
    asked: Annotated[ObservationQuery, Query()],
) -> ObservationList:
    """一个序列在某一时刻已知的逐日价格与数量。

    Days as known at `as_of`, oldest first: the median price per kg of the varieties and their volume summed.
    Numbers that were kept but are not read (a ten-fold slip, say) are null and flagged. Later corrections do
    not change what an earlier `as_of` gives.
    """
    knowledge = series.Knowledge(asked.as_of or service.clock(), asked.received_before)
    scope = repr((series_id, asked.as_of, asked.received_before, asked.since, asked.until))
    with service.store.session() as session:
        reference = service.directory.read(session)
        facts = series.find_series(session, series_id)
        page = series.observations(
            session,
            series_id,
            knowledge,
            since=asked.since,
            until=asked.until,
            limit=asked.limit,
            cursor=asked.cursor,
            scope=scope,
        )
    return ObservationList(
        series=series_item(facts, reference),
        as_of=asked.as_of,
        received_before=asked.received_before,
        items=[observation(day) for day in page.items],
        next=link_next(request, response, page.next),
    )


@router.get("/{series_id}/forecasts", summary="预测 · Forecasts", responses=UNCHANGED | problems(404))
def list_forecasts(
    service: ServiceDep,
    series_id: SeriesId,
    issued: Annotated[
        Day | None, Query(description="预测日；省略为最近一次 · issue day; the newest where left out")
    ] = None,
) -> ForecastList:
    """某日发布的价格预测（基线并列）、滞销风险、主要原因和相近情形。

    Quantiles by horizon with the naive baseline beside them; the probability of a slow-sales spell by line and
    horizon; why, and the nearest cases of the past. `speaks` says which of model and baseline is used and `reason`
    why. Empty where nothing was forecast.
    """
    with service.store.session() as session:
        reference = service.directory.read(session)
        return spoken_forecasts(session, reference, series_id, issued=issued)
