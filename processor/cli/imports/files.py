"""Write what an import leaves for people: the refused rows, and the settings and alert rules in our words."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import yaml

from processor.alerting.legacy_rules.names import NAMES
from processor.alerting.legacy_rules.prometheus_rules import rules_file
from processor.alerting.legacy_rules.rules_file import read_rules
from processor.errors import SettingsError, UsageError
from processor.operations.legacy.findings import Findings
from processor.operations.legacy.old_settings import Left, Translation

_HOLD_MINUTES = 5
_HEAD = "# Made by `aip import legacy` from {}. Compare it with your own before you use it.\n"


def write_files(
    folder: Path, findings: Findings, translation: Translation, texts: Mapping[str, str]
) -> tuple[Path, ...]:
    """Write the files that there is something for, and give their paths.

    Raises:
        UsageError: the folder cannot be written to.
    """
    contents = {
        **_refused(findings),
        **{name: _yaml(data, translation) for name, data in translation.files.items()},
        **_alert_rules(translation, texts),
    }
    try:
        for name, text in contents.items():
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / name, text)
    except OSError as exc:
        raise UsageError(f"{folder} cannot be written to ({exc.strerror}); name another folder with --output") from exc
    return tuple(folder / name for name in contents)


def _write(path: Path, text: str) -> None:
    """Write a file; one that says something else is kept beside it, for somebody may have worked on it."""
    if path.exists() and path.read_bytes() != text.encode():
        path.replace(path.with_name(f"{path.name}.old"))
    path.write_text(text, encoding="utf-8")


def _refused(findings: Findings) -> dict[str, str]:
    lines = [json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in findings.rejected]
    return {"rejected.jsonl": "".join(lines)} if lines else {}


def _yaml(data: Mapping[str, object], translation: Translation) -> str:
    sources = ", ".join(sorted({one.file for one in translation.carried}))
    return _HEAD.format(sources) + yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True)


def _alert_rules(translation: Translation, texts: Mapping[str, str]) -> dict[str, str]:
    """Translate the alert rules; a file that is wrong is told with every fault, and hinders nothing else."""
    made: dict[str, str] = {}
    for name, text in texts.items():
        if PurePosixPath(name).name != "alert_rules.yaml":
            continue
        with TemporaryDirectory(prefix="aip-import-") as scratch:
            copy = Path(scratch) / "alert_rules.yaml"
            copy.write_text(text, encoding="utf-8")
            try:
                made["imported_rules.yml"] = rules_file(read_rules(copy, NAMES), _HOLD_MINUTES)
            except SettingsError as exc:
                faults = [str(fault).replace(str(copy), name) for fault in exc.faults]
                translation.left += [Left(name, "rules", fault) for fault in faults]
    return made
