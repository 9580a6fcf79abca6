"""What a question may name: subjects by any of their names, levels as a comma list, pages by cursor."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, TypeVar

from fastapi import Request, Response
from pydantic import Field

from api.directory import Reference
from api.instants import Day
from api.problems import InvalidRequest
from api.schemas.basics import Name, Paging
from api.schemas.levels import DATA_STATE_ZH, NUMBERS, STATUS_ZH, TIER_ZH
from warning.store.risk import Subjects

W = TypeVar("W", bound=str)
NAMED = "id、名称或任一语言的别名 · an id, a name or a synonym in any language"
Product = Annotated[Name | None, Field(description=f"品种：{NAMED}", examples=["onion", "洋葱"])]
Market = Annotated[Name | None, Field(description=f"市场：{NAMED}", examples=["Lasalgaon"])]
Township = Annotated[Name | None, Field(description=f"乡镇：代码或名称 · township: {NAMED}")]
AsOf = Annotated[
    Day | None,
    Field(description="业务日期；省略为最近一次运行 · business date; the newest run where left out"),
]


class SubjectQuery(Paging):
    """Which subjects (product, place) to show."""

    level: Annotated[
        Name | None,
        Field(description="等级，可用逗号并列 · comma list of unknown, none, blue, yellow, orange, red"),
    ] = None
    product: Product = None
    market: Market = None
    township: Township = None
    tier: Annotated[Name | None, Field(description="证据层级，可并列 · comma list of T1, T2, T3")] = None
    data_state: Annotated[
        Name | None, Field(description="数据状态，可并列 · comma list of ok, stale, short, off_market")
    ] = None
    as_of: AsOf = None

    def subjects(self, reference: Reference) -> Subjects:
        """The ids meant; UnknownName or InvalidRequest with candidates where a word means nothing."""
        return Subjects(
            levels=tuple(NUMBERS[word] for word in words(self.level, NUMBERS, where="level")),
            product_id=reference.product(self.product) if self.product else None,
            market_id=reference.market(self.market) if self.market else None,
            township_id=reference.township(self.township) if self.township else None,
            tiers=words(self.tier, TIER_ZH, where="tier"),
            data_states=words(self.data_state, DATA_STATE_ZH, where="data_state"),
        )


class AlertQuery(SubjectQuery):
    """Which alerts to show."""

    status: Annotated[
        Name | None,
        Field(description="状态，可并列 · comma list of open, acknowledged, assigned, resolved, closed"),
    ] = None

    def statuses(self) -> tuple[str, ...]:
        """The statuses asked for; empty means all."""
        return words(self.status, STATUS_ZH, where="status")


def words(text: str | None, known: Collection[W], *, where: str) -> tuple[W, ...]:
    """The words of a comma list, each of which must be a known one."""
    meant = {str(word): word for word in known}
    found = [word.strip() for word in (text or "").split(",") if word.strip()]
    for word in found:
        if word not in meant:
            raise InvalidRequest(f"{where} knows no “{word}”", where=where, candidates=sorted(meant))
    return tuple(meant[word] for word in found)


def link_next(request: Request, response: Response, cursor: str | None) -> str | None:
    """Put the next page's address into the Link header; gives the cursor back."""
    if cursor:
        response.headers["Link"] = f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'
    return cursor
