"""Uploads: files of a feed, taken in at once with an account of every line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Response, UploadFile

from api import idempotency
from api.intake import known_feeds, take_in
from api.problems import InvalidRequest
from api.schemas.basics import Name
from api.schemas.problem import problems
from api.schemas.uploads import UploadAccount, upload_account
from api.service import Service, ServiceDep
from warning.errors import InvalidMapping, UnknownName

PATH = "/v1/uploads"
router = APIRouter(prefix=PATH, tags=["uploads"])


@router.post(
    "",
    status_code=201,
    summary="上传数据文件 · Upload files of a feed",
    responses=problems(400, 409, 413)
    | {
        200: {
            "model": UploadAccount,
            "description": "同一 Idempotency-Key 的重复请求 · a repeat; the first answer again",
        }
    },
)
def upload(
    response: Response,
    service: ServiceDep,
    file: Annotated[list[UploadFile], File(description="一个或多个文件，或 .zip · one or more files, or a .zip")],
    feed: Annotated[Name, Form(description="数据源 id，见 /v1/feeds · feed id")],
    by: Annotated[Name, Form(description="上传人 · who uploads")] = "api",
    mapping: Annotated[
        UploadFile | None, File(description="映射文件（TOML），仅通用表格需要 · mapping file, for the any-table feed")
    ] = None,
    constant: Annotated[
        list[Name] | None,
        Form(description="文件中没写的内容，如 product=ONION · what the files leave unsaid, as name=value"),
    ] = None,
    strict: Annotated[bool, Form(description="有一行被拒绝即整体不收 · refuse all where one line is rejected")] = False,
    idempotency_key: Annotated[Name | None, Header(description="重复请求不重复入库 · makes a repeat harmless")] = None,
) -> UploadAccount:
    """上传一个数据源的文件，返回逐行交代。

    The files are kept raw, read, checked and stored as one snapshot: all of it, or nothing where they cannot be
    read. The answer accounts for every line; rejected lines come with their reason. Uploading the same file
    again changes nothing. A mistaken upload can be taken back with `changxiao retract`.
    """
    files = [(part.filename or f"upload-{number}", part.file.read()) for number, part in enumerate(file, start=1)]
    rules = mapping.file.read() if mapping else b""
    how = How(by=by, mapping=_mapping(rules), constants=_constants(constant or []), strict=strict)
    parts = [part for name, content in files for part in (name.encode(), content)]
    request = idempotency.digest(feed.encode(), rules, repr(how).encode(), *parts)
    return idempotency.once(
        service.store.home,
        idempotency_key,
        request,
        response,
        lambda: take_files(service, feed, files, how),
        UploadAccount,
    )


@dataclass(frozen=True, slots=True)
class How:
    """What is said beside the files."""

    by: str
    mapping: dict[str, Any] | None = None
    constants: dict[str, str] = field(default_factory=dict)
    strict: bool = False


def take_files(service: Service, feed: str, files: list[tuple[str, bytes]], how: How) -> UploadAccount:
    """Take the files of a feed in and account for every line; an unknown feed or an empty upload is refused."""
    feeds = known_feeds()
    if feed not in feeds:
        raise UnknownName(f"there is no feed “{feed}”", where="feed", candidates=tuple(sorted(feeds)))
    if not any(content for _, content in files):
        raise InvalidRequest("the upload is empty", where="file", todo="choose a file that has content")
    with service.store.session() as session:
        reference = service.directory.read(session)
    report = take_in(
        service.store,
        feed,
        files,
        received_by=how.by,
        received_at=service.clock(),
        mapping=how.mapping,
        constants=how.constants,
        strict=how.strict,
        reference=reference,
    )
    return upload_account(report)


def _mapping(rules: bytes) -> dict[str, Any] | None:
    if not rules.strip():
        return None
    import tomllib

    try:
        return tomllib.loads(rules.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidMapping(
            f"the mapping file is not TOML in UTF-8: {error}", where="mapping", todo="see docs for a ten-line example"
        ) from error


def _constants(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise InvalidRequest(f"“{text}” is no constant", where="constant", todo="write it as product=ONION")
        found[name.strip()] = value.strip()
    return found
