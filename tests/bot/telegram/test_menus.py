"""The commands beside the field name what this school offers, and nothing else."""

from __future__ import annotations

from bot.channels.telegram.menus import offered
from tests.builders import make_school


def test_it_shows_no_command_that_opens_nothing() -> None:
    catalogue = make_school().catalogue
    shown = offered(catalogue)
    assert shown[0] == "menu"
    assert {"leave", "complain"} <= set(shown)
    assert "depart" not in shown, "no school has it yet"
