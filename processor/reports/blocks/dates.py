"""Dates as each language writes them. Pure."""

from datetime import date

from processor.reports.words import Words


def long_date(text: str, words: Words) -> str:
    """Write a date with its day of the week."""
    day = date.fromisoformat(text)
    return words.filled({"date": text, "weekday": words("weekdays", str(day.weekday()))}, "page", "long_date")


def weekday(text: str, words: Words) -> str:
    """Name the day of the week of a date."""
    return words("weekdays", str(date.fromisoformat(text).weekday()))


def short_date(text: str, words: Words) -> str:
    """Write a date without its year, for the foot of a drawing."""
    day = date.fromisoformat(text)
    return words.filled({"month": day.month, "day": day.day}, "page", "short_date")
