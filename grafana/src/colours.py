"""What a colour means, the same on every dashboard: green is good, yellow asks for a look today, red for action now.

Blue is activity that is neither good nor bad, in shades where there is an order. Grey is what an operator did or nobody
knows. Purple marks a start of a process.
"""

GOOD = "green"
LOOK = "yellow"
ACT = "red"
#: Between a limit and a goal.
SHORT_OF_GOAL = "semi-dark-yellow"
NEUTRAL = "blue"
PLAIN = "text"
STARTED = "purple"
UNKNOWN = "#8e8e8e"
#: For lines that stand beside each other.
SHADES = (NEUTRAL, UNKNOWN, "super-light-blue", "dark-blue", "light-blue")

OF = {
    "outcome": {
        "success": GOOD,
        "rejected": LOOK,
        "error": ACT,
        "timeout": "dark-red",
        "cancelled": UNKNOWN,
    },
    "priority": {
        "critical": "dark-blue",
        "high": "blue",
        "medium": "light-blue",
        "low": "super-light-blue",
    },
    "level": {"low": "super-light-blue", "medium": "blue", "high": "dark-blue"},
    "phase": dict.fromkeys(("prepare", "agent", "gate", "publish"), ACT),
    "band": {"fast": "super-light-blue", "medium": "blue", "slow": "dark-blue"},
    "review_state": {"none": "blue", "commented": "light-blue", "changes_requested": LOOK, "approved": GOOD},
    "finding_state": {"new": LOOK, "fixed": GOOD, "flaky": UNKNOWN, "unchanged": NEUTRAL},
    "canary_result": {"success": GOOD, "failed": ACT, "timeout": "dark-red", "held": UNKNOWN},
    "result": {"merged": GOOD, "closed": LOOK},
    "delivery": {"delivered": GOOD, "failed": UNKNOWN, "given_up": LOOK},
    "direction": {
        "input": "dark-blue",
        "cache_read": "blue",
        "cache_write": "light-blue",
        "output": "super-light-blue",
    },
    "job": dict(zip(("aip-processor", "aip-exporter", "prometheus", "alertmanager"), SHADES, strict=False)),
    # Operators may have others too, which are shades of one blue.
    "agent": dict(zip(("claude", "codex", "gemini", "opencode", "aider"), SHADES, strict=True)),
    "mountpoint": {"/": UNKNOWN},
    "window": dict(zip(("6h", "1d", "3d"), SHADES, strict=False)),
    "severity": {
        "critical": ACT,
        "high": ACT,
        "medium": LOOK,
        "low": LOOK,
    },
    "code": {
        "2xx": GOOD,
        "304": "light-green",
        "4xx": ACT,
        "limited": LOOK,
        "5xx": "dark-red",
        "none": UNKNOWN,
    },
    "item_status": {"0": GOOD, "1": LOOK, "2": ACT, "3": UNKNOWN},
    "phase_result": {"ok": GOOD, "rejected": LOOK, "running": NEUTRAL},
    "check_result": {"passed": GOOD, "failed": LOOK, "unavailable": LOOK, "not_applicable": UNKNOWN},
    "is_required": {"required": PLAIN, "optional": UNKNOWN},
    "state": {"open": NEUTRAL, "merged": GOOD, "closed": LOOK},
    "ci_state": {"none": UNKNOWN, "pending": NEUTRAL, "success": GOOD, "failure": LOOK},
    "service_state": {"running": GOOD, "draining": UNKNOWN},
    "capacity_level": {"low": GOOD, "medium": NEUTRAL, "high": LOOK},
    "why": {"turn": NEUTRAL, "paused": LOOK, "operator": LOOK},
}
