"""The wire format: one schema for form, JSON and import, in to a frozen command, out to JSON; never made from tables"""
