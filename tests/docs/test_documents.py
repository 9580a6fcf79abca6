"""The documents: links lead somewhere, decisions are numbered, both READMEs say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE_PATH = re.compile(r"`((?:warning|models|pipelines|api|docs|tests|benchmarks|requirements|\.ci)/[\w./-]+)`")


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def headings(path: Path) -> list[int]:
    """The level of each heading, in order."""
    return [len(mark) for mark in re.findall(r"^(#+) ", prose(path), re.MULTILINE)]


def blocks(path: Path) -> list[tuple[str, str]]:
    """(language, code without its remarks) of each block of code."""
    found = FENCE.findall(path.read_text(encoding="utf-8"))
    return [(language, re.sub(r" *(^| )#.*$", "", code, flags=re.MULTILINE)) for language, code in found]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(prose(path)):
        if "://" not in target:
            assert (path.parent / target.partition("#")[0]).exists(), f"{name_of(path)} links to {target}"


@pytest.mark.parametrize("path", [one for one in DOCUMENTS if one.name != "CHANGELOG.md"], ids=name_of)
def test_files_that_are_named_exist(path: Path) -> None:
    for target in CODE_PATH.findall(prose(path)):
        assert (ROOT / target).exists(), f"{name_of(path)} names {target}"


def test_both_readmes_have_the_same_sections_and_blocks() -> None:
    assert headings(ENGLISH) == headings(CHINESE)
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_both_readmes_list_the_same() -> None:
    rows = [len(re.findall(r"^(\||- )", prose(path), re.MULTILINE)) for path in (ENGLISH, CHINESE)]
    assert rows[0] == rows[1]


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_is_short_numbered_and_listed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert len(text.splitlines()) <= 20, "ten lines a decision, or twenty at most"
    assert f"]({path.name})" in (path.parent / "README.md").read_text(encoding="utf-8")


def test_every_feed_is_in_the_documents() -> None:
    from pipelines.feeds import FEEDS

    page, readme = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/feeds.md", "README.md"))
    assert not [feed for feed in FEEDS if f"| `{feed}` |" not in page]
    assert not [feed for feed in FEEDS if f"changxiao ingest {feed} " not in readme and feed != "example"]


def test_every_setting_is_in_the_documents() -> None:
    from warning.store.settings import Settings

    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert not [name for name in Settings.model_fields if f"`CHANGXIAO_{name.upper()}`" not in page]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_lines_are_not_too_wide_to_read(path: Path) -> None:
    long = [line for line in prose(path).splitlines() if len(line) > 200]
    assert not long, f"{name_of(path)}: {long[0][:60]}…"
