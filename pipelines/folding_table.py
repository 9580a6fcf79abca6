"""A terminal table that folds long cells: an ellipsis would eat a character of a Chinese sentence or of an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def folding_table(*heads: str, title: str | None = None, caption: str | None = None) -> Table:
    """A table with these column heads whose cells lose nothing in a narrow window."""
    from rich.table import Table

    table = Table(title=title, caption=caption)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table
