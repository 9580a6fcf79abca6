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
TOLD = 3
"""So many of them stand in the sentence."""


class InvalidRequest(ChangxiaoError):
    """A parameter or field is not what it should be."""

    code, title_zh, status = "invalid-request", "请求有误", 422

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        todo: str = "",
        candidates: Sequence[str] = (),
        fields: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.candidates = tuple(candidates)
        self.fields = tuple(fields)

    @classmethod
    def of_fields(cls, fields: Sequence[FieldError], candidates: Sequence[str] = ()) -> InvalidRequest:
        """Several faulty fields at once: the first in words, those that can be listed by name."""
        what = "; ".join(f"{field.where}: {field.what}" for field in fields[:TOLD])
        meant = tuple(dict.fromkeys(candidates))[:FIELDS]
        return cls(what, todo="see `errors` and /docs", candidates=meant, fields=fields[:FIELDS])


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
        errors=[*getattr(error, "fields", ()), *_refused_lines(error)] or None,
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
    if isinstance(error.body, bytes) and error.body:  # it was left unread, for its header says that it is no JSON
        return _not_json(request)
    faults = error.errors()
    fields = [FieldError(where=_where(fault["loc"]), what=str(fault["msg"])) for fault in faults[:FIELDS]]
    return respond(problem_of(request, InvalidRequest.of_fields(fields)))


def _not_json(request: Request) -> Response:
    stated = request.headers.get("content-type", "")
    problem = plain(
        415,
        f"the body is sent as {stated}" if stated else "the body is sent without saying what it is",
        path=request.url.path,
        request_id=request.scope.get("state", {}).get("request_id"),
        todo="send JSON with the header Content-Type: application/json",
    )
    problem.where = "header.content-type"
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
