"""Letters of a stored plan to the lead departments, as documents to be numbered and signed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Response

from api.downloads import DOCX, download
from api.instants import SHANGHAI
from api.routes.plans import PlanId, kept_plan
from api.schemas.basics import PLAIN_TEXT
from api.schemas.plans import LetterItem
from api.schemas.problem import UNCHANGED, Responses, problems
from api.service import ServiceDep

if TYPE_CHECKING:
    from warning.catalog import Catalog
    from warning.store.plans import StoredPlan

router = APIRouter(prefix="/v1/plans", tags=["plans"])
LETTER: Responses = {200: {"content": {DOCX: {}}, "description": "函（.docx）· the letter"}}
LETTERS: Responses = {200: {"content": {"application/zip": {}}, "description": "全部函件（.zip）· all letters"}}


@router.get("/{plan_id}/letters", summary="函件清单 · Letters", responses=UNCHANGED | problems(404))
def list_letters(service: ServiceDep, plan_id: PlanId) -> list[LetterItem]:
    """该方案致各牵头部门的函。 · The letters of a plan, one a lead department."""
    from warning.absorption.tasks import lead_departments

    kept, catalog = kept_plan(service, plan_id)
    return [
        LetterItem(department=one.id, department_zh=one.name_zh, href=f"/v1/plans/{plan_id}/letters/{one.id}.docx")
        for one in lead_departments(kept.plan, kept.problem, catalog)
    ]


@router.get("/{plan_id}/letters.zip", summary="全部函件 · All letters", responses=LETTERS | problems(404),
            response_class=Response)  # fmt: skip
def all_letters(service: ServiceDep, plan_id: PlanId) -> Response:
    """该方案的全部函件，打成一个压缩包。 · Every letter of a plan in one archive; empty where nothing is placed."""
    kept, catalog = kept_plan(service, plan_id)
    archive = io.BytesIO()
    made = kept.made_at.astimezone(SHANGHAI).timetuple()[:6]
    with zipfile.ZipFile(archive, "w") as files:
        for department, content in _letters(kept, catalog).items():
            files.writestr(zipfile.ZipInfo(_file_name(kept, department), date_time=made), content)
    return download(archive.getvalue(), "application/zip", f"{plan_id}-letters.zip")


@router.get("/{plan_id}/letters/{department}.docx", summary="函 · Letter", responses=LETTER | problems(404),
            response_class=Response)  # fmt: skip
def letter(
    service: ServiceDep,
    plan_id: PlanId,
    department: Annotated[str, Path(pattern=PLAIN_TEXT, max_length=100, description="牵头部门 · lead department")],
) -> Response:
    """致一个牵头部门的函，公文格式，待编号签发。 · The letter to one lead department in the official layout."""
    from warning.errors import NotFound

    kept, catalog = kept_plan(service, plan_id)
    written = _letters(kept, catalog)
    if department not in written:
        raise NotFound(
            f"plan {plan_id} has no letter to {department}",
            where="department",
            todo=f"one of {', '.join(written)}" if written else "it places nothing, so there are no letters",
        )
    return download(written[department], DOCX, _file_name(kept, department))


def _letters(kept: StoredPlan, catalog: Catalog) -> dict[str, bytes]:
    from warning.briefing.letter import letters

    return letters(kept.plan, kept.problem, catalog)


def _file_name(kept: StoredPlan, department: str) -> str:
    return f"{kept.id}-{department}.docx"
