"""How does a record go out over the wire? At the precision of its viewer, as the queries give it."""

from __future__ import annotations

from marshmallow import Schema, fields


class CountOut(Schema):
    """A count: *not counted* has no value, and is not zero."""

    value = fields.Integer(allow_none=True)
    qualifier = fields.String(metadata={"enum": ["exact", "approximate", "more_than", "almost", "not_counted"]})


class WhenOut(Schema):
    """Days always; instants only as fine as ``precision`` allows. ``until_on`` is the day after the last one."""

    from_on = fields.Date(allow_none=True)
    until_on = fields.Date(allow_none=True)
    starts_at = fields.AwareDateTime(allow_none=True)
    ends_at = fields.AwareDateTime(allow_none=True)
    zone = fields.String()
    precision = fields.String(metadata={"enum": ["exact", "hour", "day", "hidden"]})


class WhereOut(Schema):
    """The place: its own position, the centre of its 10 km cell, or its section alone, as ``precision`` says."""

    precision = fields.String(metadata={"enum": ["exact", "cell", "section", "hidden"]})
    label = fields.String()
    text = fields.String(metadata={"description": "as typed; empty unless exact"})
    lon = fields.Float(allow_none=True)
    lat = fields.Float(allow_none=True)
    uncertainty_m = fields.Float(allow_none=True)
    cell = fields.String(metadata={"example": "10kmE432N321"})
    border = fields.String(metadata={"example": "IT-SI"})
    section = fields.String(metadata={"example": "IT-SI-03"})
    host_country = fields.String()
    length_km = fields.Float(allow_none=True)


class ActivityOut(Schema):
    """One record as a list names it. ``results`` holds null where nothing is due yet."""

    reference = fields.String(metadata={"example": "JP-SI-2026-0042"})
    project = fields.String()
    kind = fields.String(metadata={"example": "JP"})
    status = fields.String(metadata={"example": "REPORTED"})
    title = fields.String()
    when = fields.Nested(WhenOut)
    where = fields.Nested(WhereOut)
    countries = fields.List(fields.String())
    officers = fields.Nested(CountOut, allow_none=True)
    results = fields.Dict(keys=fields.String(), values=fields.Nested(CountOut, allow_none=True))
    verified = fields.Boolean()
    published = fields.Boolean()
    why = fields.String(attribute="view.why", metadata={"description": "why you see it so exactly"})


class ActivitiesOut(Schema):
    """A page of records: ``total`` match, ``shown`` are here, ``next`` leads on."""

    items = fields.List(fields.Nested(ActivityOut))
    total = fields.Integer()
    shown = fields.Integer()
    next = fields.String(allow_none=True)


class PartnerOut(Schema):
    """One authority's part; who was in charge is named by service number, to who sees the record exactly."""

    name = fields.String()
    country = fields.String()
    role = fields.String()
    officers = fields.Integer(allow_none=True)
    women = fields.Integer(allow_none=True)
    men = fields.Integer(allow_none=True)
    officer_in_charge = fields.String()


class NarrativeOut(Schema):
    """The words of the record, facts and assessment apart; empty unless the place is exact."""

    aim = fields.String()
    legal_basis = fields.String()
    facts = fields.String()
    assessment = fields.String()
    note = fields.String()
    source_url = fields.String()
    typed_place = fields.String()
    particulars = fields.Function(lambda narrative: dict(narrative.particulars), metadata={"type": "object"})


class MoneyOut(Schema):
    """An amount in minor units of its currency."""

    minor = fields.Integer()
    currency = fields.String()


class CostOut(Schema):
    """A cost line as you may read it; ``eur`` null is *not converted*, never zero."""

    reference = fields.String()
    what = fields.String()
    bearer = fields.String()
    incurred_on = fields.Date()
    amount = fields.Nested(MoneyOut)
    eur = fields.Nested(MoneyOut, allow_none=True)
    rate = fields.Decimal(allow_none=True, as_string=True)
    rate_on = fields.Date(allow_none=True)
    rate_source = fields.String()
    provisional = fields.Boolean()
    has_receipt = fields.Boolean()


class ActivityDetailOut(Schema):
    """One record with everything you may see of it. ``shape`` is GeoJSON: the place, its cell, or its section."""

    record = fields.Nested(ActivityOut, attribute="row")
    version = fields.Integer()
    participations = fields.List(fields.Nested(PartnerOut), attribute="partners")
    results = fields.Function(
        lambda page: {row.measure: CountOut().dump(row.count) if row.count else None for row in page.results},
        metadata={"type": "object", "description": "every measure that was asked; null where nothing is due yet"},
    )
    narrative = fields.Nested(NarrativeOut)
    crime_areas = fields.List(fields.String())
    work_package = fields.String()
    parent = fields.String(attribute="parent.reference")
    children = fields.List(fields.Pluck(ActivityOut, "reference"))
    shape = fields.Dict(allow_none=True)
    costs = fields.List(fields.Nested(CostOut), allow_none=True)
