"""What does the template of a log form get? One value: the typed fields, the choices, and what is around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.domain.activities import Kind
from registry.domain.errors import InvalidInput
from registry.domain.periods import (
    Period,
    format_day,
    local_to_utc,
    offset_label,
    offset_minutes,
    parse_local_day,
    parse_local_time,
    utc_to_local,
)
from registry.queries.log_form import Choices, LastLine, PastActivity
from registry.web import log_options
from registry.web.formats import duration
from registry.web.log_options import FORM_LISTS, FormLists, Measure, Options
from registry.web.log_place import PlaceAnswer
from registry.web.log_typed import Typed

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FEWEST_PARTS = 2
MOST_LEGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A past patrol beside the form, its hours written out on its own clock."""

    reference: str
    hours: str
    counts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """A log form of one kind for one person: everything its template shows."""

    kind: Kind
    project_ref: str
    action: str
    typed: Typed
    choices: Choices
    zone: str
    now: datetime
    errors: Mapping[str, list[str]]
    last: PastActivity | None = None
    past: tuple[LastLine, ...] = ()
    on_section: bool = False
    understood: PlaceAnswer | None = None
    saved_at: datetime | None = None
    restored: bool = False
    copied: bool = False
    base_url: str = ""
    more_parts: int = 0
    more_costs: int = 0
    amending: bool = False
    lists: FormLists = FORM_LISTS

    # Addresses and states

    @property
    def client_uuid(self) -> str:
        """The key under which this form is kept and sent, however often."""
        return self.typed.get("client_uuid")

    @property
    def drafts_url(self) -> str:
        """Where typed work is kept."""
        return f"/p/{self.project_ref}/log/drafts/{self.client_uuid}"

    @property
    def place_url(self) -> str:
        """Who understands a place."""
        return f"/p/{self.project_ref}/log/place"

    @property
    def nothing_found(self) -> bool:
        """Whether *nothing found* was tapped."""
        return bool(self.typed.get("nothing_found"))

    @property
    def internal(self) -> bool:
        """Whether the place lies at an internal border, as far as it is understood."""
        return self.understood is not None and self.understood.border_status == "internal"

    @property
    def open_end(self) -> bool:
        """Whether an end left empty means the moment of saving."""
        return self.kind is Kind.JOINT_PATROL and not self.amending

    @property
    def last_day(self) -> str:
        """The day of the patrol that *copy* would copy: ``Sun 22 Nov``."""
        return "" if self.last is None else weekday(self.last.starts_at, self.last.zone)

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        """The last patrols to compare with."""
        return tuple(ShownLine(reference=line.reference, hours=_hours(line), counts=line.counts) for line in self.past)

    # Rows

    @property
    def part_rows(self) -> tuple[int, ...]:
        """The numbers of the authorities' rows; a patrol has two at least."""
        last = max([*self.typed.rows("participations"), -1]) + 1
        return tuple(range(max(last, FEWEST_PARTS) + self.more_parts))

    @property
    def leg_rows(self) -> tuple[int, ...]:
        """The numbers of the legs' rows, and one more; a single leg has none of its own."""
        said = [int(name[5:]) for name in self.typed.fields if name[:5] == "legs-" and name[5:].isdecimal()]
        return tuple(range(min(max([*said, 0]) + 2, MOST_LEGS)))

    @property
    def cost_rows(self) -> tuple[int, ...]:
        """The numbers of the cost rows."""
        return tuple(range(max([*self.typed.rows("costs"), -1]) + 1 + self.more_costs))

    @staticmethod
    def has_error(errors: Mapping[str, list[str]], base: str) -> bool:
        """Whether anything of a row is to be mended, so that its details open."""
        return any(name.startswith(f"{base}-") for name in errors)

    # Choices

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is counted."""
        return log_options.measures()

    @property
    def more_counts_open(self) -> bool:
        """Whether a number or a fault waits behind *More counts*."""
        return any(m.more and (self.typed.get(m.name) not in ("", "0") or m.name in self.errors) for m in self.measures)

    @property
    def organisations(self) -> Options:
        """The authorities, with their country where the name does not say it."""
        return tuple(
            (choice.short, self._full_name(choice.name, choice.country)) for choice in self.choices.organisations
        )

    @property
    def own_choices(self) -> Options:
        """The authorities the person logs for; who logs for several says for which."""
        return tuple((choice.short, choice.name) for choice in self.choices.organisations if choice.own)

    @property
    def labels(self) -> dict[str, str]:
        """The words of the faulty fields, for the summary above the form."""
        return {name: log_options.field_word(name) for name in self.errors}

    def with_said(self, options: Options, name: str) -> Options:
        """The choices, and what the record says when it is none of them."""
        said = self.typed.get(name)
        return options if not said or said in dict(options) else (*options, (said, said))

    def organisation_name(self, short: str) -> str:
        """The name of a chosen authority; empty for none."""
        return next((choice.name for choice in self.choices.organisations if choice.short == short), "")

    def role_word(self, code: str) -> str:
        """A role in words; a new row is seconding until it is said otherwise."""
        return dict(self.lists.roles).get(code or "SECONDING", "")

    @property
    def currency(self) -> str:
        """The currency of a new cost: that of the person's own country."""
        return self.choices.own_currency or "EUR"

    @property
    def currencies(self) -> Options:
        """The currencies in use today."""
        return log_options.currencies(self.choices.own_currency, self.now.date())

    @property
    def zones(self) -> Options:
        """The clocks to choose from."""
        return log_options.zones(self.zone)

    # Time

    @property
    def starts_offset(self) -> str:
        """The offset of the start, ``+01:00``."""
        return self._offset("starts")

    @property
    def ends_offset(self) -> str:
        """The offset of the end; it differs across a change of the clocks."""
        return self._offset("ends")

    @property
    def folds(self) -> frozenset[str]:
        """Which times ask *first or second*: those that stand in an hour the clocks repeat."""
        asked = {f"{name}_fold" for name in ("starts", "ends") if self._twice(name)}
        return frozenset(asked | {name for name in ("starts_fold", "ends_fold") if self.typed.get(name)})

    @property
    def duration(self) -> str:
        """How long it lasted, once both ends can be read."""
        start, end = self._instant("starts"), self._instant("ends")
        if start is None or end is None or end <= start:
            return ""
        return duration(Period(starts_at=start, ends_at=end).span)

    def _offset(self, name: str) -> str:
        return offset_label(offset_minutes(self._instant(name) or self.now, self.zone))

    def _instant(self, name: str) -> datetime | None:
        day, clock = self.typed.get(f"{name}_day"), self.typed.get(f"{name}_time")
        fold = {"first": 0, "second": 1}.get(self.typed.get(f"{name}_fold"))
        try:
            return local_to_utc(parse_local_day(day), parse_local_time(clock), self.zone, fold)
        except InvalidInput:
            return None

    def _twice(self, name: str) -> bool:
        return any("came twice" in sentence for sentence in self.errors.get(f"{name}_time", ()))

    @staticmethod
    def _full_name(name: str, country: str) -> str:
        return name if not country or country in name else f"{name} · {country}"


def weekday(instant: datetime | None, zone: str) -> str:
    """``Sun 22 Nov`` on the clock of the zone."""
    if instant is None:
        return ""
    local = utc_to_local(instant, zone)
    return f"{DAYS[local.weekday()]} {format_day(local.date()).rsplit(' ', 1)[0]}"


def _hours(line: LastLine) -> str:
    if line.starts_at is None or line.ends_at is None:
        return weekday(line.starts_at, line.zone)
    start, end = utc_to_local(line.starts_at, line.zone), utc_to_local(line.ends_at, line.zone)
    return f"{weekday(line.starts_at, line.zone)}, {start:%H:%M}–{end:%H:%M}"
