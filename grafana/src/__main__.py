"""Write grafana/dashboards; with --check only tell whether they are what the source gives (exit 1)."""

import argparse
import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grafana.src.catalogue import FOLDER, every
from grafana.src.frame import Site


def main() -> int:
    """Write or check the files."""
    arguments = _arguments()
    site = Site(arguments.timezone, arguments.prometheus_url.rstrip("/"))
    wanted = {written.path: written.text() for written in every(site)}
    present = set(FOLDER.rglob("*.json"))
    stale = [path for path, text in wanted.items() if path not in present or path.read_text(encoding="utf-8") != text]
    left_over = sorted(present - set(wanted))
    if arguments.check:
        for path in (*stale, *left_over):
            sys.stderr.write(f"{path.relative_to(FOLDER)} is not what grafana/src gives; run `make dashboards`\n")
        return 1 if stale or left_over else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    for path in left_over:
        path.unlink()
    return 0


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError) as exc:
        raise argparse.ArgumentTypeError(f"{name!r} is no time zone; write it as in Europe/Berlin") from exc


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m grafana.src", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is out of date")
    parser.add_argument(
        "--timezone", type=_zone, default=Site.timezone, help="in which days are shown (default: %(default)s)"
    )
    parser.add_argument(
        "--prometheus-url",
        default=Site.prometheus_url,
        help="where browsers see Prometheus, which serves the runbooks (default: %(default)s)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
