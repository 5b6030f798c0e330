"""Are quotes stored whole or not at all, and never two truths of one source and day?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from registry.domain.errors import Conflict, NotAllowed
from registry.domain.money import Rate
from registry.domain.permissions import SYSTEM, Role
from registry.models.activities import ImportBatch
from registry.models.audit import AuditEvent
from registry.models.costs import CostLine, ExchangeRate
from registry.services import derive, import_rates
from tests.factories import viewer_for

DAY = date(2026, 10, 5)


def quotes(*units: str, currency: str = "RSD") -> tuple[Rate, ...]:
    """One quote a day from the fifth of October on."""
    return tuple(
        Rate(currency=currency, units_per_eur=Decimal(figure), rate_on=date(2026, 10, 5 + place), source="ECB")
        for place, figure in enumerate(units)
    )


def run(session, clock, *rates, actor=SYSTEM, bad=0, project=""):
    command = import_rates.ImportRates(
        source="ECB", file_name="rates.csv", content=b"x", rates=rates, bad=bad, project=project
    )
    return import_rates.import_rates(session, command, actor=actor, clock=clock)


def stored(session):
    return [(row.rate_on.day, row.units_per_eur) for row in session.scalars(select(ExchangeRate))]


def test_quotes_are_one_batch_and_one_audited_event(session, clock):
    done = run(session, clock, *quotes("117.05", "117.10"))
    assert (done.written, done.known, done.reconverted) == (2, 0, 0)
    assert stored(session) == [(5, "117.05"), (6, "117.10")]
    assert session.get_one(ImportBatch, done.batch).what == "rates"
    [event] = session.scalars(select(AuditEvent))
    assert (event.action, event.touched, event.project_id) == ("rates.import", 2, None)


def test_twice_adds_nothing_and_writes_no_event(session, clock):
    run(session, clock, *quotes("117.05"))
    again = run(session, clock, *quotes("117.050"))
    assert (again.batch, again.written, again.known) == (None, 0, 1)
    assert len(session.scalars(select(AuditEvent)).all()) == 1


def test_no_quotes_are_no_import(session, clock):
    assert run(session, clock) == import_rates.RatesImported(batch=None, written=0, known=0)


@pytest.mark.parametrize(("figures", "bad"), [(("117.06", "117.10"), 0), (("117.05", "117.10"), 1)])
def test_one_wrong_quote_keeps_all_others_out(session, clock, figures, bad):
    run(session, clock, *quotes("117.05"))
    with pytest.raises(Conflict, match="Nothing was written: 1 quotes"):
        run(session, clock, *quotes(*figures), bad=bad)
    assert stored(session) == [(5, "117.05")]


def test_costs_from_the_first_new_day_on_are_converted_again(session, clock, factories):
    beneficiary = factories.beneficiary(factories.project(), factories.organisation())
    facts = {"currency": "RSD", "provisional": True}
    waiting = factories.cost_line(beneficiary, 11_705, incurred_on=DAY, **facts)
    earlier = factories.cost_line(beneficiary, 11_705, incurred_on=date(2026, 9, 5), **facts)
    derive.rebuild(session)
    done = run(session, clock, *quotes("118", "117.05")[::-1], *quotes("1.1", currency="USD"))
    assert done.reconverted == 1
    assert session.get_one(CostLine, waiting.id).eur_minor == 99
    assert session.get_one(CostLine, earlier.id).eur_minor is None
    assert derive.reconcile(session) == []


def test_rates_are_kept_by_the_lead_partners_finance_officer(session, clock, factories):
    lead, partner = factories.organisation(), factories.organisation(country="IT")
    project = factories.project("ATHENA", lead_organisation_id=lead.id)
    keeper = viewer_for(factories.user(project, lead, Role.FINANCE_OFFICER))
    for actor, where in (
        (keeper, ""),
        (viewer_for(factories.user(project, partner, Role.FINANCE_OFFICER)), "ATHENA"),
        (viewer_for(factories.user(project, lead, Role.COORDINATOR)), "ATHENA"),
    ):
        with pytest.raises(NotAllowed):
            run(session, clock, *quotes("117.05"), actor=actor, project=where)
    assert run(session, clock, *quotes("117.05"), actor=keeper, project="ATHENA").written == 1
