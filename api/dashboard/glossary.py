"""What the words of the board mean: each with its formula and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from api.dashboard.words import Lang

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One word in both languages."""

    id: str
    """The signal's name, where it is one: tooltips look it up."""
    name: Pair
    meaning: Pair
    formula: str = ""
    source: Pair = ("", "")


@dataclass(frozen=True, slots=True)
class Told:
    """One word in one language."""

    id: str
    name: str
    meaning: str
    formula: str
    source: str


OWN: Final = ("梁平区实施方案与本系统约定", "the district's plan and this system's convention")
SIGNALS: Final = (
    Entry("r", ("价格水平", "price against the season"),
          ("近 7 天中位价除以往年同旬参考价；参考价取过去 3 至 5 年同旬及前后各一旬的均值，满 5 年去掉最高最低。1 为平年，0.8 为低两成。",
           "the last seven days' median price over the season's reference: the mean of that 旬 and its neighbours in 3 to 5 past "
           "years, without the extremes when there are five. 1 is usual, 0.8 a fifth lower."),
          "r = P / P_ref", ("印度三年、日本六年、韩国十年平均价办法", "India's 3-, Japan's 6- and Korea's 10-year means")),
    Entry("z", ("价格异常", "price anomaly"),
          ("价格对自身趋势和季节的偏离，以稳健标准差计；负数为偏低。至少要有 156 周。",
           "distance from the price's own trend and season, in robust standard deviations; negative is low. Needs 156 weeks."),
          "z = (ln P − fit) / (1.4826 · MAD)", ("世界粮食计划署 ALPS，镜像用于下跌", "WFP's ALPS, mirrored for falls")),
    Entry("g", ("涨幅异常", "growth anomaly"),
          ("季度和年度复合涨幅对往年同月的偏离。", "quarterly and yearly compound growth against the same month of past years."),
          "g = 0.4·z(CQGR) + 0.6·z(CAGR)", ("联合国粮农组织 IFPA", "FAO's IFPA")),
    Entry("v", ("到货量水平", "arrivals against the season"),
          ("近 10 天到货（成交）量对往年同期；多为供过于求，少为走货不畅。只用来分类，不与价格相加。",
           "ten days' volume against the season: more tells a glut, less a stall. It classifies and is not added to the price."),
          "v = ln(V₁₀ / V_season)", OWN),
    Entry("rho", ("销售额水平", "revenue against the season"),
          ("价格乘以数量，对往年同期。", "price times volume, against the season."), "ρ = ln(R / R_season)", OWN),
    Entry("stall", ("走货停滞", "stall"),
          ("连续 7 个交易日走货量不超过往年同期一半，不论价格；休市日和春节前后不计。",
           "volume at or below half the season's for seven market days running, whatever the price; closed days and the days "
           "around the spring festival do not count."),
          "V ≤ 0.5 · V_season, 7 d", ("秭归脐橙 2020", "Zigui navel oranges, 2020")),
    Entry("K", ("产地价与成本之比", "farm-gate price to cost"),
          ("地头价除以生产成本；地头价为批发价减采收、包装、装车、运费和市场费。低于 1 为亏本。",
           "farm-gate price over cost of growing; farm-gate is wholesale less collecting, packing, loading, freight and fee. "
           "Below 1 growers lose."),
          "K = P_gate / C", ("韩国产地价办法、台湾直接成本 95 %", "Korea's origin rule; Taiwan's 95 % of direct cost")),
    Entry("hog_ratio", ("猪粮比价", "hog/grain ratio"),
          ("每公斤生猪价与玉米价之比；低于 6 为轻度，低于 5 为严重。", "price of a kilogram of hog over one of maize; below 6 slight, below 5 severe."),
          "P_hog / P_maize", ("缓解生猪市场价格周期性波动调控预案", "China's plan against the hog cycle")),
    Entry("dS", ("销售进度落后", "sales behind the usual pace"),
          ("往年此时通常已销比例减去今年已销比例，百分点。", "the share usually sold by now less the share sold, in points."),
          "ΔS = S_usual − S", OWN),
    Entry("D", ("可销天数与剩余期限之比", "days of supply to days left"),
          ("存量按近 14 天出货还要卖多少天，除以剩余保鲜期或到季末的天数；大于 1 即期内卖不完。",
           "days that the stock lasts at the last fortnight's outflow, over the days left of shelf life or season; above 1 it "
           "cannot clear in time."),
          "D = (stock / outflow) / days left", OWN),
    Entry("over_planting", ("种植面积超常年", "planted area above normal"),
          ("今年种植面积比常年多出的比例；与育苗量一起构成种植提示灯。", "planted area above the normal one; with seedlings it makes the planting light."),
          "A / A_normal − 1", ("台湾种植登记灯号", "Taiwan's planting lights")),
    Entry("spell_risk", ("滞销概率（预测）", "chance of a slow-sales spell"),
          ("今后若干天内，周价跌到往年同周参考价八成以下并持续两周以上的概率；由检验过的模型给出，未胜过基线处不作预警。",
           "the chance that within so many days the weekly price falls to 0.8 of its reference for two weeks or more; given by a "
           "model that has been tested, and no warning where it has not beaten the baselines."),
          "P(onset ≤ H)", ("评分规程第一版", "evaluation protocol, version 1")),
)  # fmt: skip
LEVELS: Final = (
    Entry("red", ("Ⅰ级 红", "Ⅰ red"), ("价格跌到往年一半以下（或异常且跌三成），并有第二类证据：无人收购、亏本、卖不完等。",
          "the price at half the season's or less (or anomalous and 30 % lower) with a second class of evidence: no bids, a loss, a "
          "stock that cannot clear."), source=OWN),
    Entry("orange", ("Ⅱ级 橙", "Ⅱ orange"), ("跌三成且异常，或跌一半，或走货停滞。", "30 % lower and anomalous, or half, or a stall."), source=OWN),
    Entry("yellow", ("Ⅲ级 黄", "Ⅲ yellow"), ("跌两成并持续三周中的两周。", "a fifth lower in two of three weeks."), source=OWN),
    Entry("blue", ("Ⅳ级 蓝", "Ⅳ blue"), ("开始走低，提示关注。", "beginning to slip: to be watched."), source=OWN),
    Entry("unknown", ("未知", "unknown"), ("数据不足，不能研判；不等于平稳。", "too little data to judge; it is no sign of calm.")),
)  # fmt: skip
TERMS: Final = (
    Entry("tier", ("证据层级 T1、T2、T3", "tiers of evidence"), ("T1 只有价格和交易量；T2 加上成本；T3 加上乡镇填报的库存、采收和销售。",
          "T1 price and volume; T2 with cost; T3 with townships' reports of stock, harvest and sales.")),
    Entry("type", ("类型", "type"), ("供过于求：价低量多；走货不畅：价低量少、无人收购或道路中断；一般：介于两者之间。",
          "glut: low price, much volume; stalled: low price and little volume, no bids or a blocked road; ordinary: between.")),
    Entry("surplus", ("待消纳量 E", "tonnes to place"), ("存量＋期内采收－期内出货－计划入库；没有填报时按到货量超出往年的部分估算并注明。预警按一地合计；方案逐批计算，一批卖得快不能抵另一批卖不动，故两数可以不同。",
          "stock + harvest − outflow − planned storage over the days left; estimated from volume over norm, and said so, where nobody "
          "reports. The alert's is of a place as a whole; a plan's is summed lot by lot, since one that sells fast does not help "
          "another that does not: the two may differ."), "E = stock + harvest − outflow − storage"),
    Entry("business_date", ("业务日期", "business date"), ("被研判的那一天；次日 07:30 起算已知。", "the day judged; known at 07:30 the day after.")),
    Entry("baseline", ("基线", "baseline"), ("最简单的预测（最近价、往年同期通常概率）；模型胜过它才发言。",
          "the simplest forecast (the last price, the season's usual chance); a model speaks only where it has beaten it.")),
)  # fmt: skip
GROUPS: Final[tuple[tuple[Pair, tuple[Entry, ...]], ...]] = (
    (("读数", "Signals"), SIGNALS), (("等级", "Levels"), LEVELS), (("用语", "Terms"), TERMS),
)  # fmt: skip


def glossary(lang: Lang) -> list[tuple[str, list[Told]]]:
    """Every group with its words, in one language."""
    place = 0 if lang == "zh" else 1
    return [(name[place], [_told(entry, place) for entry in entries]) for name, entries in GROUPS]


def hint(word: str, lang: Lang) -> str:
    """What a word means with its formula and source, for a tooltip; blank for a word that is not explained."""
    place = 0 if lang == "zh" else 1
    entry = next((one for _, entries in GROUPS for one in entries if one.id == word), None)
    if entry is None:
        return ""
    told = _told(entry, place)
    return " · ".join(part for part in (told.meaning, told.formula, told.source) if part)


def _told(entry: Entry, place: int) -> Told:
    return Told(entry.id, entry.name[place], entry.meaning[place], entry.formula, entry.source[place])
