"""Names that sources use and the catalog does not know: a person says what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.problems import InvalidRequest
from api.queries import link_next
from api.schemas.basics import Name, Paging
from api.schemas.names import Confirmation, NameItem, NameList, Refusal, name_item
from api.schemas.problem import UNCHANGED, problems
from api.service import ServiceDep
from warning.store import ledger

router = APIRouter(prefix="/v1/names", tags=["names"])
NameId = Annotated[int, Path(description="编号 · its number", ge=1, le=2**31 - 1)]


class NameQuery(Paging):
    """Which names to show."""

    kind: Annotated[Literal["product", "market", "township"] | None, Field(description="种类 · kind")] = None
    feed: Annotated[Name | None, Field(description="数据源 · feed")] = None
    decided: Annotated[
        bool | None, Field(description="已定或未定；省略为全部 · decided or open; all where left out")
    ] = None


@router.get("", summary="待认名称 · Names to be confirmed", responses=UNCHANGED)
def list_names(
    request: Request, response: Response, service: ServiceDep, asked: Annotated[NameQuery, Query()]
) -> NameList:
    """数据源中目录不认识的名称，附候选。

    Names that feeds use and the catalog does not know, those with most rejected lines first, with candidates.
    A candidate is a proposal only: nothing is matched until a person confirms.
    """
    with service.store.session() as session:
        page = ledger.source_names(
            session, kind=asked.kind, feed=asked.feed, decided=asked.decided, limit=asked.limit, cursor=asked.cursor
        )
    return NameList(items=[name_item(name) for name in page.items], next=link_next(request, response, page.next))


@router.post("/{name_id}/confirm", summary="认定名称 · Confirm a name", responses=problems(400, 404, 413))
def confirm(service: ServiceDep, name_id: NameId, decision: Confirmation) -> NameItem:
    """认定一个名称指目录中的哪一项。

    Says what the name means. Lines rejected for it are read when their file is ingested again.
    """
    with service.store.writing() as session:
        reference = service.directory.read(session)
        found = ledger.source_name(session, name_id)
        resolve = {"product": reference.product, "market": reference.market, "township": reference.township}
        if found.kind not in resolve:
            raise InvalidRequest(f"a {found.kind} cannot be confirmed", where="kind")
        meaning = resolve[found.kind](decision.meaning)
        decided = ledger.decide_name(session, name_id, meaning, by=decision.by, at=service.clock())
    return name_item(decided)


@router.post("/{name_id}/refuse", summary="与我无关 · Not ours", responses=problems(400, 404, 413))
def refuse(service: ServiceDep, name_id: NameId, decision: Refusal) -> NameItem:
    """声明该名称与本系统无关，不再提示。 · Says that the name is none of ours; it is not asked about again."""
    with service.store.writing() as session:
        decided = ledger.decide_name(session, name_id, "", by=decision.by, at=service.clock())
    return name_item(decided)
