"""A speaker as bytes and back by skops, which builds only the types named here and runs nothing a file could hold."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any
from zipfile import BadZipFile

from models.boosting import Member
from models.calibrating import Calibration
from models.conformal import Correction
from models.fitting import Fitted
from models.linear import Linear
from models.price_bands import PriceBands
from models.speaker import Speaker
from models.spell_risk import Ensemble, SpellRisk
from warning.errors import DamagedArtifact

FORMAT = "changxiao-speaker-6"
TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
)
"""Types of scikit-learn's trees that skops does not know as safe by itself."""


def to_bytes(speaker: Speaker) -> bytes:
    """The speaker as bytes that `from_bytes` reads."""
    from skops import io

    fitted = speaker.fitted
    content: dict[str, Any] = {
        "format": FORMAT,
        "column": fitted.column,
        "risk_names": list(fitted.risk.names),
        "typical": fitted.risk.typical,
        "own_share": fitted.risk.own_share,
        "price_names": list(fitted.prices.names),
        "risk": [
            [weeks, [_plain(one) for one in each.trees], _plain(each.linear) if each.linear else None]
            for weeks, each in fitted.risk.ensembles.items()
        ],
        "prices": [
            [weeks, [_plain(one) for one in members], _plain(fitted.prices.lines[weeks])]
            for weeks, members in fitted.prices.members.items()
        ],
        "calibrations": [[*key, asdict(one)] for key, one in speaker.calibrations.items()],
        "corrections": [[weeks, asdict(one)] for weeks, one in speaker.corrections.items()],
    }
    return bytes(io.dumps(content))


def from_bytes(content: bytes) -> Speaker:
    """The speaker in `content`; DamagedArtifact where that is no speaker, or holds a type that is not trusted."""
    from skops import io
    from skops.io.exceptions import UntrustedTypesFoundException

    todo = "fit anew: changxiao fit"
    try:
        held = io.loads(content, trusted=list(TRUSTED))
    except UntrustedTypesFoundException as error:
        raise DamagedArtifact(f"the model's file holds types that are not trusted: {error}", todo=todo) from error
    except (ValueError, KeyError, TypeError, OSError, EOFError, BadZipFile) as error:
        raise DamagedArtifact(f"the model's file cannot be read: {error}", todo=todo) from error
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise DamagedArtifact("the file is no model of this version", todo=todo)
    risk = {
        weeks: Ensemble(tuple(Member(**one) for one in trees), Linear(**line) if line else None)
        for weeks, trees, line in held["risk"]
    }
    prices = {weeks: tuple(Member(**one) for one in members) for weeks, members, _ in held["prices"]}
    lines = {weeks: Linear(**line) for weeks, _, line in held["prices"]}
    return Speaker(
        Fitted(
            held["column"],
            SpellRisk(tuple(held["risk_names"]), risk, held["typical"], held["own_share"]),
            PriceBands(tuple(held["price_names"]), prices, lines),
        ),
        {(line, weeks): Calibration(**one) for line, weeks, one in held["calibrations"]},
        {weeks: Correction(**one) for weeks, one in held["corrections"]},
    )


def _plain(one: Member | Linear) -> dict[str, Any]:
    return {each.name: getattr(one, each.name) for each in fields(one)}
