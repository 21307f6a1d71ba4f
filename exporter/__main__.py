"""Start the program: `aip-exporter`, or `python -m exporter`."""

import sys


def start() -> None:
    """Leave out what nobody would see, then run."""
    # structlog draws with rich where it finds it. Our tracebacks are plain, and rich would take 4 MB of 80.
    # Source: https://docs.python.org/3/reference/import.html#the-module-cache
    sys.modules["rich"] = None  # type: ignore[assignment]
    from exporter.main import main  # noqa: PLC0415  # everything else is imported after that

    sys.exit(main())


if __name__ == "__main__":
    start()
