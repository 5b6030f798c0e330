"""Does every table have a key, and every constraint a name that a message can refer to?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint

import registry.models
from registry.db.base import Base

TABLES = Base.metadata.tables


def test_all_models_are_known_to_the_metadata():
    assert registry.models.__doc__
    assert {"activity", "cost_line", "audit_event", "user_session", "api_token"} <= TABLES.keys()


def test_every_table_has_a_primary_key():
    assert [name for name, table in TABLES.items() if not table.primary_key.columns] == []


def test_every_check_has_a_name():
    unnamed = [
        name
        for name, table in TABLES.items()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and not constraint.name
    ]
    assert unnamed == []


def test_every_foreign_key_leads_to_a_table_that_exists():
    lost = [
        f"{name}.{key.parent.name}"
        for name, table in TABLES.items()
        for key in table.foreign_keys
        if key.column.table.name not in TABLES
    ]
    assert lost == []


def test_no_amount_of_money_is_a_float():
    money = [
        f"{name}.{column.name}"
        for name, table in TABLES.items()
        for column in table.columns
        if column.name.endswith(("_minor", "amount")) and "FLOAT" in str(column.type).upper()
    ]
    assert money == []
