"""Alembic's folder: one file a change of the schema, never edited after it has shipped."""
