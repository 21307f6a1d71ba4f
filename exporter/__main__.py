"""Start the program: `aip-exporter`, or `python -m exporter`."""

import gc
import sys


def start() -> None:
    """Leave out what nobody would see, then run."""
    # structlog draws with rich where it finds it. Our tracebacks are plain, and rich would take 4 MB of 80.
    # Source: https://docs.python.org/3/reference/import.html#the-module-cache
    sys.modules["rich"] = None  # type: ignore[assignment]
    gc.disable()  # what an import makes stays; looking for garbage among it was a fifth of the start
    from exporter.main import main  # noqa: PLC0415  # everything else is imported after that

    gc.enable()
    sys.exit(main())


if __name__ == "__main__":
    start()
