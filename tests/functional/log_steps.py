"""Steps of the tests of the log pages: a project at the border of Italy and Slovenia, an officer, a filled form."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from PIL import Image
from shapely.geometry import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.permissions import Role
from registry.models.accounts import User
from registry.models.activities import Activity, JointPatrol, OutcomeCount
from registry.models.geography import CrossingPoint
from registry.models.projects import Organisation
from tests.conftest import NOW
from tests.factories import Factories, sign_in
from tests.page_client import Page, RegistryClient

P = "/p/ATHENA-2"
FORM = f"{P}/log/joint-patrol"


class Border:
    """Two authorities, an internal border with one section, a crossing point, a project, an officer signed in."""

    def __init__(self, factories: Factories, session: Session, client: RegistryClient | None = None) -> None:
        self.session, self.factories = session, factories
        self.police = factories.organisation("SI", country="SI", name="Police, Slovenia")
        self.partner = factories.organisation("IT", country="IT", name="Border police, Italy")
        self.project = factories.project("ATHENA-2", acronym="ATHENA 2")
        self.package = factories.work_package(self.project)
        for authority in (self.police, self.partner):
            factories.beneficiary(self.project, authority)
        border = factories.border("IT", "SI", "internal")
        self.section = factories.section(border, 3, LineString([(13.85, 45.58), (13.89, 45.62), (13.85, 45.66)]))
        session.add(
            CrossingPoint(
                name="Pesek", search="pesek|pese", border_code="IT-SI", kind="road", lon=13.88, lat=45.62,
                position_precision="town", trust="R",
            )
        )  # fmt: skip
        session.flush()
        self.officer = self.person(Role.OFFICER)
        if client is not None:
            self.client = client
            sign_in(client, session, self.officer)

    def person(self, *roles: Role, organisation: Organisation | None = None) -> User:
        """Somebody of the Slovenian police, or of another authority."""
        authority = organisation or self.police
        return self.factories.user(self.project, authority, *roles, zone="Europe/Ljubljana")

    def patrol(self, **facts: Any) -> Activity:
        """A patrol of the officer's own on the section, two days ago."""
        facts = {
            "starts_at": NOW - timedelta(days=2, hours=8),
            "hours": 6.5,
            "at": (13.88, 45.62),
            "section": self.section,
            "logged_by": self.officer.id,
            "border_status": "internal",
            "aim": "Smuggling on the minor roads",
            **facts,
        }
        row = self.factories.activity(self.project, self.police, self.partner, **facts)
        self.session.add(JointPatrol(activity_id=row.id, check_basis="POLICE_INFORMATION", risk_reference="RA-7"))
        self.session.flush()
        return row

    def logged(self) -> list[Activity]:
        """What is on the record, by number."""
        self.session.expire_all()
        return list(self.session.scalars(select(Activity).order_by(Activity.id)))

    def outcomes(self, activity: Activity) -> dict[str, int | None]:
        """What was counted on it; None is n.c."""
        rows = self.session.scalars(select(OutcomeCount).where(OutcomeCount.activity_id == activity.id))
        return {row.measure: row.value for row in rows}


def fields_of(page: Page) -> dict[str, Any]:
    """What the page's log form would send as it stands."""
    form = page.one("form", id="log-form")
    found: dict[str, Any] = {}
    for element in form.iter():
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


def filled(page: Page, **changes: Any) -> dict[str, Any]:
    """The form as it stands, with the fields of a patrol that can be logged; ``__`` in a name is a dash."""
    patrol = {
        "starts_day": "23 Nov 2026",
        "starts_time": "20:00",
        "ends_day": "24 Nov 2026",
        "ends_time": "02:30",
        "place-text": "45 37.2 N 13 53.4 E",
        "participations-0-officers": "2",
        "participations-1-organisation": "IT",
        "participations-1-role": "SECONDING",
        "participations-1-officers": "2",
        "check_basis": "POLICE_INFORMATION",
        "risk_reference": "RA-7",
        "outcomes-persons_checked": "24",
        "outcomes-vehicles_checked": "11",
    }
    return {**fields_of(page), **patrol, **{name.replace("__", "-"): value for name, value in changes.items()}}


def photo() -> io.BytesIO:
    """A small JPEG such as a phone's camera makes."""
    content = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(content, "JPEG")
    content.seek(0)
    return content
