"""`changxiao subscriptions` and `changxiao deliver`: who hears of alerts, and telling them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.folding_table import folding_table
from pipelines.roots import now, the_settings, the_store, wide_console

if TYPE_CHECKING:
    from warning.catalog import Catalog
    from warning.subscriptions.subscription import Rule

app = typer.Typer(help="Who hears of which alerts, where and when.", no_args_is_help=True)
sending = typer.Typer()
SHOWN = 100


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="what it is for")],
    way: Annotated[str, typer.Argument(help="email, webhook, wecom, dingtalk or feishu")],
    target: Annotated[str, typer.Argument(help="address of mail or of HTTP")],
    product: Annotated[list[str] | None, typer.Option(help="only this product; may be repeated")] = None,
    group: Annotated[list[str] | None, typer.Option(help="only this group of products")] = None,
    place: Annotated[list[str] | None, typer.Option(help="only this township or market")] = None,
    place_kind: Annotated[list[str] | None, typer.Option(help="district, township or market")] = None,
    level: Annotated[str, typer.Option(help="from this level on")] = "blue",
    tier: Annotated[list[str] | None, typer.Option(help="T1, T2 or T3")] = None,
    digest: Annotated[str, typer.Option(help="once a day at HH:MM; blank: at once")] = "",
    quiet: Annotated[str, typer.Option(help="hours without messages, HH:MM-HH:MM")] = "",
    cool_hours: Annotated[int, typer.Option(help="do not repeat an alert for so long unless it gets worse")] = 0,
    secret: Annotated[str, typer.Option(help="of a robot; a webhook is given one")] = "",
    by: Annotated[str, typer.Option(help="whose it is")] = "command line",
) -> None:
    """Make a subscription; a webhook's secret is printed once."""
    from warning.reference import load_catalog
    from warning.store.subscriptions import add_subscription
    from warning.subscriptions.making import made

    catalog = load_catalog(the_settings().reference)
    rule = _rule(catalog, product or [], group or [], place or [], place_kind or [], level, tier or [])
    begin, _, end = quiet.partition("-")
    asked = made(name, way, target, rule, secret=secret, digest_at=digest, quiet_from=begin, quiet_to=end,
                 cool_hours=cool_hours)  # fmt: skip
    with the_store().writing() as session:
        kept = add_subscription(session, asked, at=now(), by=by)
    typer.echo(kept.id)
    if kept.secret and not secret:
        typer.echo(f"secret, shown once: {kept.secret}")


@app.command("list")
def listing() -> None:
    """All subscriptions."""
    from warning.store.outbox import waiting
    from warning.store.subscriptions import subscriptions

    with the_store().session() as session:
        found = subscriptions(session)
        count, _ = waiting(session)
    table = folding_table("编号", "名称", "方式", "送往", "等级", "状态", caption=f"待送 {count} 条 · {count} waiting")
    for one in found:
        state = "启用" if one.active else f"停用：{one.why_not}"
        table.add_row(one.id, one.name, one.way.value, one.target, str(one.rule.level), state)
    wide_console().print(table)


@app.command("remove")
def remove(subscription: Annotated[str, typer.Argument(help="its id")]) -> None:
    """Let a subscription go, with its outbox and log."""
    from warning.store.subscriptions import remove_subscription

    with the_store().writing() as session:
        remove_subscription(session, subscription)
    typer.echo(f"removed {subscription}")


@app.command("log")
def log(subscription: Annotated[str, typer.Argument(help="its id")]) -> None:
    """The last tries to deliver, newest first."""
    from warning.store.outbox import deliveries_of
    from warning.store.subscriptions import find_subscription

    with the_store().session() as session:
        find_subscription(session, subscription)
        found = deliveries_of(session, subscription, limit=SHOWN, cursor=None).items
    table = folding_table("时间", "结果", "条数", "答复", "秒", "说明")
    for one in found:
        status = "" if one.status is None else str(one.status)
        table.add_row(f"{one.at:%Y-%m-%d %H:%M:%S}Z", one.outcome, str(one.events), status, f"{one.seconds:.2f}",
                      one.detail)  # fmt: skip
    wide_console().print(table)


@app.command("test")
def test(subscription: Annotated[str, typer.Argument(help="its id")]) -> None:
    """Send a message that says it is a test, and print what came of it."""
    from pipelines.delivery.trying import try_out

    outcome = try_out(the_store(), the_settings(), subscription, now())
    typer.echo(f"{outcome.outcome} {outcome.status or ''} {outcome.detail}".strip())
    if outcome.outcome != "sent":
        raise typer.Exit(1)


@sending.command("deliver")
def deliver() -> None:
    """Tell subscribers what is due, once; the scheduler does so every minute."""
    from pipelines.delivery.passing import deliver as passed
    from warning.reference import load_catalog

    settings = the_settings()
    counts = passed(the_store(), load_catalog(settings.reference), settings, clock=now)
    told = ", ".join(f"{counts[name]} {name}" for name in ("matched", "sent", "retry", "gone", "failed"))
    typer.echo(told)


def _rule(
    catalog: Catalog,
    products: list[str],
    groups: list[str],
    places: list[str],
    kinds: list[str],
    level: str,
    tiers: list[str],
) -> Rule:
    from warning.names import NameIndex
    from warning.subscriptions.making import rule_of

    names = NameIndex(catalog)
    return rule_of(
        products=[one if one in catalog.products else names.resolve_product(one) for one in products],
        groups=groups,
        known_groups={product.group for product in catalog.products.values()},
        places=[names.find_township(one) or names.find_market(one) or one for one in places],
        place_kinds=kinds,
        level=level,
        tiers=tiers,
    )
