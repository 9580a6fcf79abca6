"""`changxiao briefing`: the bulletin of a day, a 旬 or an alert, written into a folder in the forms asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from pipelines.papers import ready_folder
from pipelines.roots import DayOption, day_of, now, the_settings, the_store, yesterday
from warning.errors import Conflict, InvalidReference

if TYPE_CHECKING:
    from warning.briefing.bulletin import Bulletin
    from warning.briefing.forms import Form
    from warning.catalog import Catalog
    from warning.store.engine import Store

app = typer.Typer()
SIGNING = "agriculture"


@app.command()
def briefing(
    date: DayOption = None,
    xun: Annotated[str | None, typer.Option(help="any day of the 旬 instead of a day, YYYY-MM-DD")] = None,
    alert: Annotated[str | None, typer.Option(help="an alert's id instead of a day")] = None,
    out: Annotated[Path, typer.Option(help="the folder it is written into")] = Path(),
    form: Annotated[str, typer.Option(help="comma list of docx, pdf, xlsx")] = "docx,pdf,xlsx",
) -> None:
    """The bulletin (简报): what is going wrong, why, the plan with the departments' tasks, and what was placed."""
    from warning.briefing.forms import bulletin_file
    from warning.reference import load_catalog

    forms = _forms(form)
    if xun is not None and alert is not None:
        raise Conflict("a 旬 and an alert are both asked for", where="--xun, --alert", todo="ask for one of them")
    folder = ready_folder(out)
    catalog = load_catalog(the_settings().reference)
    bulletin = _bulletin(the_store(), catalog, date, xun, alert)
    organ = catalog.department_on(SIGNING, bulletin.last).name_zh
    for ending in forms:
        path = folder / f"{bulletin.alert_id or bulletin.kind.value}-{bulletin.last:%Y%m%d}.{ending}"
        path.write_bytes(bulletin_file(bulletin, organ, ending))
        typer.echo(f"wrote {path}", err=True)


def _bulletin(store: Store, catalog: Catalog, date: str | None, xun: str | None, alert: str | None) -> Bulletin:
    from warning.store.bulletins import alert_bulletin, daily_bulletin, xun_bulletin

    day = day_of(date, yesterday()) if date else None
    if alert is not None:
        return alert_bulletin(store, catalog, alert, day, now=now())
    if xun is not None:
        return xun_bulletin(store, catalog, day_of(xun, yesterday()), now=now())
    return daily_bulletin(store, catalog, day, now=now())


def _forms(text: str) -> list[Form]:
    from warning.briefing.forms import Form

    known: tuple[Form, ...] = get_args(Form)
    asked = [one.strip() for one in text.split(",") if one.strip()]
    unknown = [one for one in asked if one not in known]
    if unknown or not asked:
        raise InvalidReference(
            f"there is no form {', '.join(unknown) or 'named'}", where="--form", todo=f"use {', '.join(known)}"
        )
    return [one for one in known if one in asked]
