"""A failure as RFC 9457 describes it, with what to do about it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class FieldError(BaseModel):
    """One faulty field of a request."""

    where: str = Field(description="哪个字段 · which field", examples=["query.limit"])
    what: str = Field(description="问题 · what is wrong with it")


class Problem(BaseModel):
    """出错说明 · What was wrong, where, and what to do (RFC 9457)."""

    type: str = Field(description="问题种类，机器可读 · kind of problem", examples=["urn:changxiao:problem:not-found"])
    title: str = Field(description="中文标题 · short title in Chinese", examples=["未找到"])
    status: int = Field(description="HTTP 状态码 · HTTP status", examples=[404])
    detail: str = Field(description="具体说明 · what happened here")
    instance: str | None = Field(None, description="请求路径 · path of the request")
    where: str | None = Field(None, description="出错位置：参数、文件、行 · parameter, file or line")
    todo: str | None = Field(None, description="怎么办 · what to do next")
    candidates: list[str] | None = Field(None, description="可能想找的名称 · what may have been meant")
    errors: list[FieldError] | None = Field(None, description="逐个字段的问题 · field by field")
    request_id: str | None = Field(None, description="请求编号，报障时请附上 · quote this when reporting a fault")


REFERENCE = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
MEANINGS = {
    400: "请求体无法解析 · The body cannot be parsed",
    404: "未找到，或该业务日期没有运行 · Nothing of that id, or no run on that business date",
    409: "当前状态下不能这样做 · Not possible in the present state",
    413: "内容过大 · The body is too large",
    415: "内容须为 JSON · The body is to be JSON, and to say so",
    422: "参数或内容有误；名称不明时给出候选 · A parameter or the content is wrong; unknown names come with candidates",
    500: "服务内部出错 · The service failed",
    503: "数据库不可用 · The database cannot be used",
}
Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """The documented failures of an operation."""
    return {status: {"description": MEANINGS[status], "content": REFERENCE} for status in statuses}


ALWAYS = problems(422, 500, 503)
UNCHANGED: Responses = {304: {"description": "内容未变（If-None-Match 与 ETag 一致）· Unchanged since the ETag given"}}
