"""Words of one place fold alike, in whichever alphabet they are typed."""

from __future__ import annotations

import pytest

from registry.domain.text import fold


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (("шкофије", "ŠKOFIJE", "skofije", "Шкофије"), "skofije"),
        (("Чачак", "Čačak", "cacak"), "cacak"),
        (("Жепче", "Žepče", "zepce"), "zepce"),
        (("Цетиње", "Cetinje"), "cetinje"),
        (("Ђурђевац", "Đurđevac", "đurđevac", "Djurdjevac"), "djurdjevac"),
        (("Љубљана", "Ljubljana"), "ljubljana"),
        (("Ћуприја", "Ćuprija", "cuprija"), "cuprija"),
        (("Џеп", "Dzep", "Džep"), "dzep"),
    ],
)
def test_cyrillic_and_latin_spellings_of_one_name_fold_alike(spellings: tuple[str, ...], folded: str) -> None:
    assert {fold(spelling) for spelling in spellings} == {folded}


def test_other_letters_fold_as_before() -> None:
    assert fold("  Kőszeg – Rabuiese ") == "koszeg - rabuiese"
