from __future__ import annotations

import pytest

from warning.errors import InvalidReference
from warning.thresholds import NAMES, load_thresholds


def test_every_line_has_a_ground():
    shipped = load_thresholds()
    assert set(NAMES) <= set(shipped.grounds)
    assert all(ground.strip() for ground in shipped.grounds.values())


def test_the_version_changes_with_any_line_and_is_stable():
    shipped = load_thresholds()
    assert shipped.version == load_thresholds().version
    assert shipped.replace(r_blue=0.91).version != shipped.version
    assert len(shipped.version) == 64


def test_an_operators_file_overrides_lines_and_products(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[lines]\nr_blue = { value = 0.92, ground = "ours" }\n'
        '[products.pomelo]\nr_orange = { value = 0.65, ground = "2019" }\n',
        encoding="utf-8",
    )
    found = load_thresholds(own)
    assert found.lines.r_blue == 0.92
    assert found.for_product("pomelo").r_orange == 0.65
    assert found.for_product("pomelo").r_blue == 0.92
    assert found.for_product("cabbage").r_orange == load_thresholds().lines.r_orange
    assert found.grounds["pomelo.r_orange"] == "2019"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[lines]\nr_bleu = { value = 0.9, ground = "x" }', "r_bleu"),
        ("[lines]\nr_blue = { value = 0.9 }", "no ground"),
        ('[lines]\nr_blue = { value = "much", ground = "x" }', "not a number"),
        ('[lines]\nr_blue = { value = nan, ground = "x" }', "not a number"),
        ('[lines]\nr_blue = { value = 0.4, ground = "x" }', "milder"),
        ('[lines]\nk_red = { value = -1, ground = "x" }', "above 0"),
        ('[line]\nr_blue = { value = 0.9, ground = "x" }', "unknown tables"),
        ("[lines", "not TOML"),
    ],
)
def test_bad_lines_are_refused_with_their_reason(tmp_path, text, said):
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidReference, match=said):
        load_thresholds(own)


def test_a_missing_file_and_a_bad_what_if_are_refused(tmp_path):
    with pytest.raises(InvalidReference, match="cannot be read"):
        load_thresholds(tmp_path / "none.toml")
    with pytest.raises(InvalidReference, match="unknown lines"):
        load_thresholds().replace(r_purple=0.1)
    with pytest.raises(InvalidReference, match="milder"):
        load_thresholds().replace(r_red=0.99)


def test_a_what_if_reaches_products_too(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[products.pomelo]\nr_orange = { value = 0.65, ground = "2019" }', encoding="utf-8")
    assert load_thresholds(own).replace(r_blue=0.95).for_product("pomelo").r_blue == 0.95
