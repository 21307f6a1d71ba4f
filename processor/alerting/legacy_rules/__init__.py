"""The rules of the old alert manager: read by a closed grammar, written as PromQL."""
