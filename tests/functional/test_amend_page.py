"""A record is corrected in its whole form, place, time and partners too; what nobody touched stays as it was."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import CheckBasis, Kind, ParticipationRole
from registry.domain.clock import FixedClock
from registry.domain.command_parts import (
    FunctionCount,
    ObservationFacts,
    ParticipationIn,
    PatrolFacts,
    PlaceIn,
    ReleaseOverride,
    TeamFacts,
)
from registry.domain.commands import LogActivity
from registry.domain.counts import NOT_COUNTED, Count, Qualifier
from registry.domain.periods import PartialDate, Period
from registry.domain.permissions import Role
from registry.models.activities import Activity, ActivityVersion
from registry.queries.recorded import recorded
from registry.services import derive
from registry.services.log_activity import log
from tests.factories import sign_in, viewer_for
from tests.functional.log_steps import Border
from tests.page_client import Page, PageClient, RegistryClient

WAY = LineString([(13.8512345678901, 45.5898765432109), (13.8698765432101, 45.6012345678987), (13.871, 45.62)])
PERIOD = Period(
    starts_at=datetime(2026, 10, 24, 20, 0, 17, tzinfo=UTC),
    ends_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30, the second one of that night
)
HOST = ParticipationIn(
    organisation="SI",
    role=ParticipationRole.HOST,
    officers=5,
    women=2,
    men=3,
    officer_in_charge="SI-0042",
    functions=(
        FunctionCount(function="driver", number=1, gender="woman"),
        FunctionCount(function="driver", number=1, gender="man"),
        FunctionCount(function="leader", number=1),
    ),
)
PARTNER = ParticipationIn(organisation="IT", role=ParticipationRole.SECONDING, officers=2)
PATROL: dict[str, Any] = {
    "kind": Kind.JOINT_PATROL,
    "period": PERIOD,
    "zone": "Europe/Ljubljana",
    "participations": (HOST, PARTNER),
    "place": PlaceIn(typed="Karst", shape=WAY, source="file", uncertainty_m=12.3456789, location_kind="GREEN"),
    "aim": "Smuggling on the minor roads",
    "crime_areas": ("TER_INFRASTRUCTURE", "TER_FINANCING"),
    "legal_basis": "Article 17 of the agreement",
    "facts_of_kind": PatrolFacts(check_basis=CheckBasis.POLICE_INFORMATION, risk_reference="RA-7", km_driven=84),
    "outcomes": {
        "persons_checked": Count(1500, Qualifier.MORE_THAN),
        "vehicles_checked": Count(11),
        "hits": NOT_COUNTED,
        "arrests": Count(1),
    },
    "findings": frozenset({"hits", "arrests"}),
    "facts": "Two lorries were opened.\nOne was empty.",
    "note": "Rain",
    "external_reference": "K-17",
    "source_url": "https://example.org/k-17",
    "sensitive": True,
    "release": ReleaseOverride(reason="court", never=True),
}


@pytest.fixture
def border(factories: Any, session: Session, client: RegistryClient) -> Border:
    made = Border(factories, session, client)
    made.third = factories.organisation("HR", country="HR", name="Border police, Croatia")  # type: ignore[attr-defined]
    return made


def logged(border: Border, clock: FixedClock, **changes: Any) -> Activity:
    """A record of the officer's own, logged as a script would: with more than any form shows."""
    content = {"project": "ATHENA-2", "client_uuid": str(uuid4()), "organisation": "SI", **PATROL, **changes}
    done = log(border.session, LogActivity(**content), actor=viewer_for(border.officer), clock=clock)
    border.session.commit()
    return border.session.scalars(select(Activity).where(Activity.reference == done.reference)).one()


def address(record: Activity, rest: str = "/amend") -> str:
    return f"/p/ATHENA-2/activities/{record.reference}{rest}"


def form_of(page: Page) -> dict[str, Any]:
    """What a browser without script would send of the form as it stands."""
    found: dict[str, Any] = {}
    for element in page.one("form", id="amend-form").iter():
        name, kind = element.get("name"), element.get("type")
        if not name or element.tag == "button" or kind == "file" or "NEW" in name:
            continue
        if element.tag == "input" and (kind != "checkbox" or element.get("checked") is not None):
            found.setdefault(name, []).append(element.get("value", ""))
        elif element.tag == "textarea":
            found[name] = [element.text or ""]
        elif element.tag == "select":
            chosen = [option.get("value") for option in element if option.get("selected") is not None]
            found[name] = chosen or [option.get("value") for option in element][:1]
    return found


def amended(page_client: PageClient, record: Activity, *, status: int = 303, **changes: Any) -> Any:
    """Open the form, change fields (``__`` in a name is a dash), send it with a reason."""
    form = form_of(page_client.get(address(record)))
    form |= {"reason": "typed wrong", **{name.replace("__", "-"): value for name, value in changes.items()}}
    return page_client.post(address(record), form, status=status)


def differing(before: LogActivity, after: LogActivity) -> set[str]:
    """Which fields of the content are no longer what they were."""
    return {part.name for part in fields(before) if getattr(before, part.name) != getattr(after, part.name)}


def test_a_form_sent_back_as_it_was_opened_changes_nothing(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    before, title = recorded(session, record.id), record.title
    amended(page_client, record)
    after = recorded(session, record.id)
    assert differing(before, after) == set()
    assert after.place is not None
    assert after.place.shape.wkt == before.place.shape.wkt  # type: ignore[union-attr]
    session.refresh(record)
    assert (record.version, record.title) == (2, title)
    assert (record.starts_offset_min, record.ends_offset_min) == (120, 60)
    assert derive.reconcile(session) == []


def test_place_time_and_partner_are_corrected_and_the_old_version_keeps_them(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    before = recorded(session, record.id)
    answer = amended(
        page_client,
        record,
        place__text="45.6000, 13.8700",
        ends_day="25 Oct 2026",
        ends_time="05:15",
        ends_fold="",
        participations__1__organisation="HR",
        participations__1__officers="3",
        aim="Stolen vehicles",
    )
    assert "Amended: version 2." in page_client.follow(answer).text
    after = recorded(session, record.id)
    assert differing(before, after) == {"place", "period", "participations", "aim"}
    assert after.period == Period(starts_at=PERIOD.starts_at, ends_at=datetime(2026, 10, 25, 4, 15, tzinfo=UTC))
    assert after.place is not None
    assert (after.place.typed, after.place.source) == ("45.6000, 13.8700", "typed")
    assert after.place.shape == Point(13.87, 45.6)
    assert after.participations[0] == before.participations[0]
    assert (after.participations[1].organisation, after.participations[1].officers) == ("HR", 3)
    session.refresh(record)
    assert (record.countries, record.officers, record.lon) == ("HR|SI", 8, 13.87)
    assert derive.reconcile(session) == []
    kept = session.scalars(select(ActivityVersion)).one()
    assert (kept.content["place"]["shape"], kept.content["countries"]) == (WAY.wkt, "IT|SI")
    old = page_client.get(address(record, "/versions/1"))
    assert "Karst" in old.text
    assert "typed wrong" in old.text


def test_a_record_called_by_its_section_is_called_anew_when_its_place_changes(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    croatian = border.factories.border("HR", "SI", "internal")
    border.factories.section(croatian, 9, LineString([(15.6, 45.8), (15.7, 45.9)]))
    assert record.title.endswith("3")
    amended(page_client, record, place__text="45.85, 15.65", participations__1__organisation="HR")
    session.refresh(record)
    assert record.title.endswith("9")


def test_a_track_file_takes_the_place_of_the_wrong_way(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    track = b'{"type": "LineString", "coordinates": [[13.86, 45.6], [13.87, 45.61]]}'
    amended(page_client, record, track_file=(io.BytesIO(track), "way.geojson"))
    place = recorded(session, record.id).place
    assert place is not None
    assert (place.typed, place.source, place.shape.wkt) == ("Karst", "file", "LINESTRING (13.86 45.6, 13.87 45.61)")  # type: ignore[union-attr]


def test_another_name_or_kind_of_the_place_leaves_the_way_as_it_was(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    amended(page_client, record, place__text="The Karst edge", place__location_kind="ROAD")
    place = recorded(session, record.id).place
    assert place is not None
    assert (place.typed, place.location_kind, place.shape.wkt) == ("The Karst edge", "ROAD", WAY.wkt)  # type: ignore[union-attr]


def test_a_crossing_point_takes_the_place_of_a_typed_position(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock, place=PlaceIn(typed="45.6, 13.87"))
    amended(page_client, record, place__text="Pesek")
    place = recorded(session, record.id).place
    assert place is not None
    assert (place.typed, place.shape, place.source) == ("Pesek", None, "crossing")
    refused = amended(page_client, record, place__text="Pesk am Berg", status=422)
    assert "neither a position nor a crossing point" in refused.text


def test_several_legs_and_their_hosts_are_corrected(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    both = (HOST, ParticipationIn(organisation="IT", role=ParticipationRole.HOST, officers=2))
    record = logged(border, clock, participations=both, legs=("SI", "IT"))
    amended(page_client, record)
    assert recorded(session, record.id).legs == ("SI", "IT")
    amended(page_client, record, legs__0="IT", legs__1="SI", legs__2="IT")
    assert recorded(session, record.id).legs == ("IT", "SI", "IT")
    refused = amended(page_client, record, legs__1="HR", status=422)
    assert "A leg is hosted by an authority that takes part as host." in refused.text


def test_facts_of_an_observation_and_of_a_team_are_corrected(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    crossed = datetime(2026, 10, 25, 0, 30, 5, tzinfo=UTC)  # 02:30, the first one of that night
    common = {"outcomes": {}, "findings": frozenset(), "zone": "Europe/Ljubljana"}
    facts = ObservationFacts(mode="urgent", offence="AN_OLDER_CODE", request_reference="R-1", crossed_at=crossed)
    record = logged(border, clock, kind=Kind.CROSS_BORDER_OBSERVATION, facts_of_kind=facts, **common)
    before = recorded(session, record.id)
    amended(page_client, record)
    assert differing(before, recorded(session, record.id)) == set()
    amended(page_client, record, observation__request_reference="R-2")
    changed = recorded(session, record.id).facts_of_kind
    assert isinstance(changed, ObservationFacts)
    assert (changed.request_reference, changed.crossed_at, changed.offence) == ("R-2", crossed, "AN_OLDER_CODE")

    facts_of_team = TeamFacts(signed_on=date(2026, 3, 2), purpose="One network", agencies=("SELEC", "EUROPOL"))
    month = {"period": None, "starts_on": PartialDate.parse("2026-03"), "place": None, "external_reference": ""}
    team = logged(border, clock, kind=Kind.JOINT_INVESTIGATION_TEAM, facts_of_kind=facts_of_team, **common | month)
    before = recorded(session, team.id)
    amended(page_client, team)
    assert differing(before, recorded(session, team.id)) == set()
    amended(page_client, team, team__signed_on="3 Mar 2026", starts_day="2026-04")
    after = recorded(session, team.id)
    assert isinstance(after.facts_of_kind, TeamFacts)
    assert (after.facts_of_kind.signed_on, after.facts_of_kind.agencies) == (date(2026, 3, 3), ("SELEC", "EUROPOL"))
    assert after.starts_on == PartialDate.parse("2026-04")


def test_counts_that_were_never_asked_stay_off_the_record(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    amended(page_client, record, outcomes__arrests="2", outcomes__vehicles_checked="", outcomes__seizures="1")
    after = recorded(session, record.id)
    assert after.outcomes == {
        **PATROL["outcomes"],
        "arrests": Count(2),
        "vehicles_checked": NOT_COUNTED,
        "seizures": Count(1),
    }


def test_a_null_result_is_said_and_is_taken_back_by_a_finding(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    asked = amended(page_client, record, outcomes__arrests="0", outcomes__hits="0", status=422)
    assert "tick “nothing found”" in asked.text
    amended(page_client, record, outcomes__arrests="", nothing_found="1")
    nothing = recorded(session, record.id)
    assert nothing.nothing_found
    assert (nothing.outcomes["arrests"], nothing.outcomes["hits"]) == (Count(0), Count(0))
    assert nothing.outcomes["vehicles_checked"] == Count(11)
    amended(page_client, record, outcomes__hits="1")
    found = recorded(session, record.id)
    assert (found.nothing_found, found.outcomes["hits"]) == (False, Count(1))


def test_zeros_that_stand_without_the_word_for_it_are_not_asked_about_again(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    counts = {"persons_checked": Count(9), "arrests": Count(0)}
    record = logged(border, clock, outcomes=counts, findings=frozenset())
    amended(page_client, record, aim="Another")
    after = recorded(session, record.id)
    assert (after.aim, after.outcomes, after.nothing_found) == ("Another", counts, False)
    asked = amended(page_client, record, outcomes__persons_checked="10", status=422)
    assert "tick “nothing found”" in asked.text


def test_the_rules_of_an_internal_border_hold_for_an_amendment(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    page = amended(page_client, record, risk_reference="", check_basis="", note="kept", status=422)
    assert "At an internal border, give the risk assessment" in page.text
    assert "on what ground" in page.text
    assert form_of(page)["note"] == ["kept"]
    assert session.scalars(select(ActivityVersion)).all() == []


def test_what_is_to_be_mended_is_said_and_everything_typed_stays(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    typed = {
        "starts_time": "25 o'clock",
        "outcomes__arrests": "many",
        "participations__1__officers": "x",
        "place__text": "46.1, 13.5",
        "facts": "Three lorries.",
        "crime_areas": ["TER_FINANCING"],
        "reason": "",
    }
    page = amended(page_client, record, status=422, **typed)
    for words in ("Write a time from 00:00", "Write a whole number", "Say in a few words why."):
        assert words in page.text
    form = form_of(page)
    assert (form["starts_time"], form["place-text"], form["place-geometry"]) == (["25 o'clock"], ["46.1, 13.5"], [""])
    assert (form["facts"], form["crime_areas"], form["reason"]) == (["Three lorries."], ["TER_FINANCING"], [""])
    assert form["version"] == ["1"]
    again = {**form, "starts_time": "21:00", "outcomes-arrests": "1", "participations-1-officers": "2"}
    page_client.post(address(record), {**again, "reason": "recount"}, status=303)
    assert recorded(session, record.id).place.typed == "46.1, 13.5"  # type: ignore[union-attr]


def test_who_was_slower_is_told_and_led_to_the_newest_version(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    slow = form_of(page_client.get(address(record)))
    amended(page_client, record, aim="The first to save")
    page = page_client.post(address(record), {**slow, "reason": "late", "note": "mine"}, status=412)
    assert f"{record.reference} is now at version 2." in page.text
    assert {address(record, ""), address(record)} <= set(page.links())
    assert (form_of(page)["note"], form_of(page)["version"]) == (["mine"], ["1"])
    after = recorded(session, record.id)
    assert (after.aim, after.note) == ("The first to save", "Rain")


def test_the_steps_without_script_keep_everything(
    border: Border, page_client: PageClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    page = amended(page_client, record, do="check-place", place__text="45.6, 13.87", status=200)
    assert "45.6000 N, 13.8700 E" in page.text
    page = amended(page_client, record, do="add-part", aim="typed", status=200)
    assert form_of(page)["participations-2-organisation"] == [""]
    assert form_of(page)["aim"] == ["typed"]
    assert session.scalars(select(ActivityVersion)).all() == []


def test_a_withdrawn_record_is_not_amended(
    border: Border, page_client: PageClient, client: RegistryClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    form = form_of(page_client.get(address(record)))
    page_client.get(address(record, "/withdraw"))
    page_client.post(address(record, "/withdraw"), {"reason": "logged twice"}, status=303)
    assert client.get(address(record)).status_code == 409
    page_client.get(address(record, ""))
    page_client.post(address(record), {**form, "version": "2", "reason": "late"}, status=409)
    session.refresh(record)
    assert (record.version, record.status) == (2, "WITHDRAWN")


def test_the_form_is_for_who_may_amend_and_shows_no_costs(
    border: Border, page_client: PageClient, client: RegistryClient, session: Session, clock: FixedClock
) -> None:
    record = logged(border, clock)
    page = page_client.get(address(record))
    assert not page.all("fieldset", id="f-costs")
    assert "Copy last patrol" not in page.text
    assert "An end left empty" not in page.text
    sign_in(client, session, border.person(Role.OFFICER, organisation=border.partner))
    assert client.get(address(record)).status_code == 403
