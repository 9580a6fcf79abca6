"""Every failure as problem+json (RFC 9457): what is wrong, where, and what to do; never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from api.schemas.problem import FieldError, Problem
from warning.errors import ChangxiaoError

log = logging.getLogger("changxiao.api")
MEDIA_TYPE = "application/problem+json"
TITLES_ZH = {
    400: "请求无法理解",
    404: "未找到",
    405: "不支持此方法",
    406: "无法提供所求格式",
    409: "状态冲突",
    413: "内容过大",
    415: "不支持的内容类型",
    422: "请求有误",
    500: "服务内部出错",
    503: "服务暂不可用",
}
FIELDS = 20
"""So many faulty fields are listed; a body of a thousand faults needs no more."""


class InvalidRequest(ChangxiaoError):
    """A parameter or field is not what it should be."""

    code, title_zh, status = "invalid-request", "请求有误", 422

    def __init__(self, what: str, *, where: str = "", todo: str = "", candidates: Sequence[str] = ()) -> None:
        super().__init__(what, where=where, todo=todo)
        self.candidates = tuple(candidates)


def install(app: FastAPI) -> None:
    """Answer every error of `app` with a problem."""
    app.add_exception_handler(ChangxiaoError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    # starlette's, not fastapi's: unknown paths and wrong methods are raised as this one.
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def respond(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The answer that carries a problem."""
    content = problem.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(request: Request, error: ChangxiaoError) -> Problem:
    """The problem that one of our own errors is."""
    return Problem(
        type=f"urn:changxiao:problem:{error.code}",
        title=error.title_zh,
        status=error.status,
        detail=error.what,
        where=error.where or None,
        todo=error.todo or None,
        candidates=list(getattr(error, "candidates", ())) or None,
        errors=_refused_lines(error) or None,
        instance=request.url.path,
        request_id=request.scope.get("state", {}).get("request_id"),
    )


def _refused_lines(error: ChangxiaoError) -> list[FieldError]:
    """The lines that a strict upload was refused for."""
    lines = getattr(getattr(error, "report", None), "rejected_lines", ())
    return [
        FieldError(where=f"{line.file}:{line.line}", what=f"{line.reason}: {line.detail}") for line in lines[:FIELDS]
    ]


def plain(status: int, detail: str, *, path: str, request_id: str | None, todo: str | None = None) -> Problem:
    """A problem without a kind of its own: its type is the status itself."""
    return Problem(
        type="about:blank",
        title=TITLES_ZH.get(status, "出错"),
        status=status,
        detail=detail or HTTPStatus(status).phrase,
        todo=todo,
        instance=path,
        request_id=request_id,
    )


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, ChangxiaoError)
    if error.status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    return respond(problem_of(request, error))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    fields = [FieldError(where=_where(fault["loc"]), what=str(fault["msg"])) for fault in faults[:FIELDS]]
    what = "; ".join(f"{field.where}: {field.what}" for field in fields[:3])
    problem = problem_of(request, InvalidRequest(what or "the request is not valid", todo="see `errors` and /docs"))
    problem.errors = fields
    return respond(problem)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    state = request.scope.get("state", {})
    problem = plain(error.status_code, error.detail, path=request.url.path, request_id=state.get("request_id"))
    # the headers go along: a 405 without Allow says only half of it.
    return respond(problem, dict(error.headers or {}))


def _unknown(request: Request, error: Exception) -> Response:
    request_id = request.scope.get("state", {}).get("request_id", "")
    log.error("%s %s failed (request %s)", request.method, request.url.path, request_id, exc_info=error)
    problem = plain(
        500,
        "the service failed; the log has the reason under this request id",
        path=request.url.path,
        request_id=request_id,
        todo="tell whoever runs the service the request id",
    )
    return respond(problem, {"X-Request-ID": request_id})


def _where(location: Sequence[Any]) -> str:
    return ".".join(str(part) for part in location)
