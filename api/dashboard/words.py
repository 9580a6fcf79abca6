"""The board's words in Chinese and English."""

from __future__ import annotations

from typing import Literal

from api.dashboard.page_words import FORECASTERS, PAGE_WORDS
from warning.forecast_words import BASELINE_SPEAKS, FIGURES, NO_FORECAST

Lang = Literal["zh", "en"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("畅销 · 农产品滞销预警", "Changxiao · early warning of slow sales"),
    "business_date": ("业务日期", "Business date"),
    "known_at": ("所知截至", "As known at"),
    "shanghai": ("（北京时间）", " (Beijing time)"),
    "colon": ("：", ": "),
    "open_bracket": ("（", " ("),
    "close_bracket": ("）", ")"),
    "simulated": (
        "以下含模拟数据，由演示区生成，不反映任何真实地方。",
        "What follows contains simulated data of the demonstration district; it reflects no real place.",
    ),
    "simulated_tag": ("模拟", "simulated"),
    "counts": ("研判对象（品种 × 地点）", "Judged (product × place)"),
    "against": ("增减为较 {}", "changes are against {}"),
    "episodes": ("预警品种", "Products under warning"),
    "nothing": ("今日无须预警。", "Nothing to warn of."),
    "nothing_but": ("未知的不等于平稳，见数据健康。", "Unknown is not calm: see the state of the data."),
    "fading": ("条预警已降为无预警，观察期内保留。", "alerts have eased to none and are kept under watch."),
    "level": ("等级", "Level"),
    "product": ("品种与地点", "Product and place"),
    "tier": ("证据", "Evidence"),
    "since": ("起始", "Since"),
    "why": ("成因", "Why"),
    "rise": ("{} 起", "since {}"),
    "channels": ("首选渠道与牵头单位", "First channels and who leads"),
    "leads": ("牵头", " leads"),
    "within": ("{} 天可启动", "starts in {} days"),
    "how_sure": ("依据与起始", "Evidence and start"),
    "status": ("状态", "Status"),
    "more_places": ("另有 {} 处", "{} more places"),
    "one_more_place": ("另有 1 处", "1 more place"),
    "unlisted": ("其余 {} 处见 JSON", "the other {} are in the JSON"),
    "probability": ("滞销概率", "Probability of slow sales"),
    "no_drivers": ("无越线读数", "no reading past a line"),
    "no_channels": ("暂无适用渠道", "no channel suits"),
    "surplus": ("待消纳", "to place"),
    "estimated": ("估算", "estimated"),
    "tonnes": ("吨", "t"),
    "data_health": ("数据健康", "State of the data"),
    "stale": ("数据陈旧的研判对象（等级保持，不代表平稳）", "Judged on stale data (levels are kept; no sign of calm)"),
    "unknown": ("无法研判的对象（数据不足）", "Not judged (too little data)"),
    "feeds_late": ("最近一次获取失败的数据源", "Feeds whose last fetch failed"),
    "feeds_fine": ("没有获取失败的数据源", "No feed failed to be fetched"),
    "json": ("机器可读 JSON", "machine-readable JSON"),
    "interface": ("接口说明", "Interface"),
    "board": ("总览", "Board"),
    "earlier": ("前一日期", "earlier"),
    "later": ("后一日期", "later"),
    "history": ("逐日等级", "Levels by day"),
    "events": ("经过", "What happened"),
    "observed": ("观测等级", "Observed"),
    "forecast": ("预测等级", "Forecast"),
    "data_state": ("数据状态", "Data"),
    "last_day": ("最近有价日", "Last price"),
    "signal": ("指标", "Signal"),
    "value": ("读数", "Reading"),
    "line": ("预警线", "Line"),
    "channel": ("渠道", "Channel"),
    "clause": ("条款", "Clause"),
    "lead": ("牵头单位", "Lead"),
    "with": ("配合单位", "With"),
    "start": ("启动（天）", "Start (days)"),
    "ground": ("理由", "Why it suits"),
    "what": ("事项", "What"),
    "who": ("办理人", "Who"),
    "reason": ("说明", "In words"),
    "peak": ("最高等级", "Peak"),
    "assignee": ("责任人", "Assignee"),
    "false_alarm": ("误报", "false alarm"),
    "run": ("运行", "Run"),
    "not_a_law": (
        "等级为内部预警等级，颜色次序参照突发事件预警。",
        "Levels are an internal grade; the order of colours follows that of public warnings.",
    ),
    "no_run": ("还没有完成过每日研判", "No daily run has been done yet"),
    "no_run_demo": (
        "看一看：`changxiao demo` 建一个模拟区并研判。",
        "To look around: `changxiao demo` builds a simulated district.",
    ),
    "no_run_ingest": (
        "用自己的数据：`changxiao ingest 数据源 文件` 导入行情，`changxiao feeds` 列出数据源。",
        "With your own data: `changxiao ingest FEED PATH` takes prices in; `changxiao feeds` lists the feeds.",
    ),
    "no_run_run": ("然后 `changxiao run` 完成一次研判。", "Then `changxiao run` judges a day."),
    "trouble": ("出错", "Something is wrong"),
    "no_alert": ("没有这条预警。", "There is no such alert."),
    "no_alert_todo": ("从总览中打开当日的预警。", "Open an alert of the day from the board."),
    "not_judged": ("{} 没有完成过每日研判。", "No daily run was done for {}."),
    "not_judged_todo": ("打开最近的已研判日期：", "Open the nearest date with one: "),
    "contents": ("目录", "Contents"),
    "todo": ("怎么办", "What to do"),
    "parameters": ("参数", "Parameters"),
    "answers": ("答复", "Answers"),
    "required": ("必填", "required"),
}
LEVELS: dict[str, tuple[str, str]] = {
    "red": ("Ⅰ级 红", "Ⅰ red"),
    "orange": ("Ⅱ级 橙", "Ⅱ orange"),
    "yellow": ("Ⅲ级 黄", "Ⅲ yellow"),
    "blue": ("Ⅳ级 蓝", "Ⅳ blue"),
    "none": ("无预警", "none"),
    "unknown": ("未知", "unknown"),
}
STATUSES: dict[str, tuple[str, str]] = {
    "open": ("待确认", "open"),
    "acknowledged": ("已确认", "acknowledged"),
    "assigned": ("已分派", "assigned"),
    "resolved": ("已处置", "resolved"),
    "closed": ("已结束", "closed"),
}
TIERS: dict[str, tuple[str, str]] = {
    "T1": ("T1 价格与交易量", "T1 price and volume"),
    "T2": ("T2 含成本", "T2 with cost"),
    "T3": ("T3 含库存与销售", "T3 with stock and sales"),
}
TYPES: dict[str, tuple[str, str]] = {
    "glut": ("供过于求", "glut"),
    "stalled": ("走货不畅", "stalled"),
    "ordinary": ("一般", "ordinary"),
}
DATA_STATES: dict[str, tuple[str, str]] = {
    "ok": ("正常", "fine"),
    "stale": ("陈旧", "stale"),
    "short": ("历史不足", "too short"),
    "off_market": ("不在市", "off the market"),
}
FORECAST_REASONS: dict[str, tuple[str, str]] = {
    NO_FORECAST: ("尚无通过检验的预测模型", "no forecast model has been released"),
    BASELINE_SPEAKS: ("模型在此未胜过基线：所示为该季节的通常概率，不作预警", BASELINE_SPEAKS),
}
ACTORS: dict[str, tuple[str, str]] = {
    "run": ("每日研判", "daily run"),
}
EVENTS: dict[str, tuple[str, str]] = {
    "raised": ("发出预警", "raised"),
    "escalated": ("升级", "escalated"),
    "eased": ("降级", "eased"),
    "ended": ("结束", "ended"),
    "reopened": ("重新打开", "reopened"),
    "acknowledged": ("确认", "acknowledged"),
    "assigned": ("分派", "assigned"),
    "resolved": ("处置", "resolved"),
    "commented": ("备注", "comment"),
    "corrected": ("更正", "corrected"),
}


class Wording:
    """The words of one language; a word without an entry stands as it is."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._place = 0 if lang == "zh" else 1

    def __call__(self, key: str) -> str:
        return (WORDS.get(key) or PAGE_WORDS[key])[self._place]

    def level(self, word: str) -> str:
        return self._of(LEVELS, word)

    def status(self, word: str) -> str:
        return self._of(STATUSES, word)

    def tier(self, word: str) -> str:
        return self._of(TIERS, word)

    def type(self, word: str) -> str:
        return self._of(TYPES, word)

    def data_state(self, word: str) -> str:
        return self._of(DATA_STATES, word)

    def event(self, word: str) -> str:
        return self._of(EVENTS, word)

    def forecast_reason(self, text: str) -> str:
        told = FIGURES.fullmatch(text)
        if told is None or self.lang != "zh":
            return self._of(FORECAST_REASONS, text)
        verb = "超过" if told["verb"] == "passes" else "未到"
        return (
            f"{told['days']} 天内跌至往年同期 {float(told['line']):.0%} 以下的概率 {float(told['chance']):.0%}，"
            f"{verb}预警线 {float(told['from']):.0%}"
        )

    def forecaster(self, word: str) -> str:
        return self._of(FORECASTERS, word)

    def actor(self, word: str) -> str:
        return self._of(ACTORS, word)

    def colour(self, word: str) -> str:
        """The level in one short word, for a list of counts."""
        return self.level(word).split()[-1]

    def pick(self, zh: str, en: str) -> str:
        """The one of two texts that is in this language; the other where it is missing."""
        return (zh or en) if self.lang == "zh" else (en or zh)

    def _of(self, words: dict[str, tuple[str, str]], word: str) -> str:
        return words[word][self._place] if word in words else word
