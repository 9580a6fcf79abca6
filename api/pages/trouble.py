"""What a page shows when something is wrong: the three parts of the error, and a way on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from api.dashboard.pages import page
from api.dashboard.words import Lang
from api.instants import Day
from api.problems import InvalidRequest, problem_of
from api.schemas.problem import FieldError
from warning.errors import ChangxiaoError, NotFound

LangQuery = Annotated[Lang, Query()]
DayQuery = Annotated[Day | None, Query()]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose failures are pages, too: a person gets no JSON for an answer."""

    def get_route_handler(self) -> Handler:
        """The handler, with errors turned into pages."""
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except ChangxiaoError as error:
                return trouble(request, error)
            except RequestValidationError as error:
                faults = [FieldError(where=str(one["loc"][-1]), what=str(one["msg"])) for one in error.errors()]
                return trouble(request, InvalidRequest.of_fields(faults))

        return answered


def trouble(
    request: Request,
    error: ChangxiaoError,
    *,
    path: str | None = None,
    asked: dt.date | None = None,
    nearest: tuple[dt.date, ...] = (),
) -> HTMLResponse:
    """The page of an error, in the language of the address; `nearest` are judged dates around the one asked for."""
    lang: Lang = "en" if request.query_params.get("lang") == "en" else "zh"
    missing = isinstance(error, NotFound) and error.where == "id"
    return page(
        "trouble.html",
        lang,
        status=error.status,
        path=path or request.url.path,
        problem=problem_of(request, error),
        asked=asked if isinstance(error, NotFound) else None,
        nearest=nearest,
        missing=missing,
    )
