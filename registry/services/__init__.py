"""The write side: one verb family a module; services flush, only the edge commits."""
