"""The only room that knows which database we are on: engine, columns, spatial and text search, bulk, backup."""
