"""The one tree of errors: each says what was wrong, where, and what to do."""

from __future__ import annotations


class ChangxiaoError(Exception):
    """A failure that a person can do something about.

    `what` is wrong, at `where` (file, sheet, line, setting, …), and `todo` says what to do next.
    `code` is a stable machine word; `title_zh` a short Chinese title for problem answers.
    """

    code = "error"
    title_zh = "出错"
    status = 500

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.todo = what, where, todo

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"at {self.where}")
        if self.todo:
            parts.append(f"to do: {self.todo}")
        return "; ".join(parts)


class UnreadableFile(ChangxiaoError):
    """The bytes are not what the feed reads: empty, truncated, binary, encrypted, a bomb, a wrong encoding."""

    code, title_zh, status = "unreadable-file", "文件无法读取", 422


class InvalidMapping(ChangxiaoError):
    """A mapping file names a column, unit or key that does not exist."""

    code, title_zh, status = "invalid-mapping", "映射文件有误", 422


class InvalidPanel(ChangxiaoError):
    """A frame does not keep the panel contract: the message names the column and what is wrong with it."""

    code, title_zh, status = "invalid-panel", "数据表不合要求", 422


class UnknownName(ChangxiaoError):
    """A product, market, township or feed name is not in the catalog, or means several things."""

    code, title_zh, status = "unknown-name", "名称不明", 422

    def __init__(self, what: str, *, where: str = "", todo: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(what, where=where, todo=todo)
        self.candidates = candidates


class UnknownUnit(ChangxiaoError):
    """A unit cannot be converted to kilograms (per piece, per box, or not in the table)."""

    code, title_zh, status = "unknown-unit", "单位无法换算", 422


class InvalidReference(ChangxiaoError):
    """A reviewed data file (products, units, thresholds, …) contradicts itself or another one."""

    code, title_zh, status = "invalid-reference", "基础资料有误", 500


class InvalidPlan(ChangxiaoError):
    """A plan cannot be made from what was asked: an unknown shock, an option out of range, nothing to place."""

    code, title_zh, status = "invalid-plan", "方案条件有误", 422


class InvalidEntry(ChangxiaoError):
    """Entries of the register or responses are faulty: each is named with its fault, and none was written."""

    code, title_zh, status = "invalid-entry", "登记内容有误", 422


class NotFound(ChangxiaoError):
    """Nothing of that id, or no run on that business date."""

    code, title_zh, status = "not-found", "未找到", 404


class Conflict(ChangxiaoError):
    """The thing asked for is not possible in the present state."""

    code, title_zh, status = "conflict", "状态冲突", 409


class StoreUnavailable(ChangxiaoError):
    """The database cannot be opened, is locked, or is not at the expected migration."""

    code, title_zh, status = "store-unavailable", "数据库不可用", 503


class DamagedArtifact(ChangxiaoError):
    """The file of a trained model is missing, or holds other bytes than were kept: it is not used."""

    code, title_zh, status = "damaged-artifact", "模型文件缺失或已损坏", 500


class FeedFailed(ChangxiaoError):
    """A live feed did not answer, or answered something else than it should."""

    code, title_zh, status = "feed-failed", "数据源失败", 502
