"""How a name is written: the plain form in which names are compared, item suffixes, and ids out of names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_GAPS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_BRACKETS: Final = str.maketrans("[]{}【】〔〕〖〗「」『』〈〉《》", "()()()()()()()()()")
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SUFFIX: Final = re.compile(r"\(([^()]*)\)$")
_PER_PIECE: Final = re.compile(r"小?份|[一二两三四]人份|[盒袋包把个朵箱筐件瓶罐桶盆株束捆板只条]|手提袋|礼盒装?|盒裝")
_NET_WEIGHT: Final = re.compile(r"\d+(?:\.\d+)?(?:克|g|千克|公斤|kg|斤)")
_WORDS: Final = re.compile(r"[^a-z0-9]+")

ROMANISED: Final = {
    "北京": "beijing", "天津": "tianjin", "上海": "shanghai", "重庆": "chongqing", "河北": "hebei", "山西": "shanxi",
    "辽宁": "liaoning", "吉林": "jilin", "黑龙江": "heilongjiang", "江苏": "jiangsu", "浙江": "zhejiang",
    "安徽": "anhui", "福建": "fujian", "江西": "jiangxi", "山东": "shandong", "河南": "henan", "湖北": "hubei",
    "湖南": "hunan", "广东": "guangdong", "海南": "hainan", "四川": "sichuan", "贵州": "guizhou", "云南": "yunnan",
    "陕西": "shaanxi", "甘肃": "gansu", "青海": "qinghai", "台湾": "taiwan", "内蒙古": "inner-mongolia",
    "广西": "guangxi", "西藏": "tibet", "宁夏": "ningxia", "新疆": "xinjiang", "香港": "hong-kong", "澳门": "macau",
    "全国": "national",
}  # fmt: skip
"""Chinese provinces by their short names; other names in no Latin letters get a digest."""
_PROVINCE_TAIL: Final = re.compile(r"(?:维吾尔|壮族|回族)?(?:自治区|特别行政区|省|市)$")


def plain(name: str) -> str:
    """The form in which names are compared: NFKC, folded case, one kind of bracket, no white space at all."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", name).translate(_BRACKETS)).casefold()


def has_han(name: str) -> bool:
    """Whether traditional and simplified forms of the name can differ."""
    return _HAN.search(name) is not None


def province(region: str) -> str:
    """A Chinese region without its kind: 重庆市 and 重庆 are one, 广西壮族自治区 is 广西; other regions unchanged."""
    short = _PROVINCE_TAIL.sub("", region)
    return short if short in ROMANISED else region


@dataclass(frozen=True, slots=True)
class ItemName:
    """An item's name taken apart: 云南生菜(份) is 云南生菜 sold per 份, 七彩椒(1) is 七彩椒 with code 1."""

    base: str
    code: str = ""
    """A number in brackets: another code of the same product."""
    pack: str = ""
    """份, 盒, 袋, …: the price is for a piece of unknown weight. 250克: of that net weight."""
    grade: str = ""
    """Any other word in brackets: 精品, 粗叶, 粉藕."""

    @property
    def per_piece(self) -> bool:
        """Whether the price is for a pack of unstated weight."""
        return bool(self.pack) and _NET_WEIGHT.fullmatch(self.pack) is None


def split_item(name: str) -> ItemName:
    """Take the bracketed suffixes off a name; a name without any is its own base."""
    base, code, pack, grade = unicodedata.normalize("NFKC", name).translate(_BRACKETS).strip(), "", "", ""
    while (match := _SUFFIX.search(base)) is not None and match.start() > 0:
        inner = match[1].strip()
        if inner.isdigit():
            code = inner
        elif _PER_PIECE.fullmatch(inner) or _NET_WEIGHT.fullmatch(inner.casefold()):
            pack = inner
        else:
            grade = inner
        base = base[: match.start()].strip()
    return ItemName(base, code, pack, grade)


def split_variety(name: str) -> tuple[str, str]:
    """(product, variety) of a Taiwan open-data name: 花椰菜-青梗 is (花椰菜, 青梗); no variety is ""."""
    base, _, variety = unicodedata.normalize("NFKC", name).strip().partition("-")
    return base.strip(), variety.strip()


def slug(text: str) -> str:
    """Lower-case ASCII words joined by '-'; a digest of the code points stands in for other scripts.

    The same name always gives the same slug. Names that differ only in case, accents or punctuation share one
    (`Sangli(Phale Bhajipura)` is written with and without its comma); names in other scripts differ by digest.
    """
    written = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).strip()).casefold()
    latin = "".join(letter for letter in written if not unicodedata.combining(letter))
    words = _WORDS.sub("-", latin).strip("-")
    if all(letter.isascii() or not letter.isalnum() for letter in latin):
        return words
    digest = hashlib.sha256(plain(text).encode()).hexdigest()[:10]
    return f"{words}-{digest}" if words else f"x{digest}"


def market_slug(country: str, region: str, name: str) -> str:
    """The id of a market that a feed registers: `in-maharashtra-lasalgaon`, `cn-chongqing-x1f0c…`.

    Listed markets have just this id where their name is Latin, so that feed and catalog agree.
    """
    parts = (country, *(ROMANISED.get(province(text.strip()), text) for text in (region, name)))
    return "-".join(filter(None, (slug(part) for part in parts)))
