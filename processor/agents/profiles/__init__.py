"""One module for each coding-agent CLI: how it is called, and how its output is read."""

from collections.abc import Mapping
from types import MappingProxyType

from processor.agents.profiles.aider import AIDER
from processor.agents.profiles.claude import CLAUDE
from processor.agents.profiles.codex import CODEX
from processor.agents.profiles.gemini import GEMINI
from processor.agents.profiles.opencode import OPENCODE
from processor.agents.profiles.plain import PLAIN
from processor.agents.profiles.profile import Printed, Profile, Report

#: By the name in the settings.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {"claude": CLAUDE, "codex": CODEX, "gemini": GEMINI, "opencode": OPENCODE, "aider": AIDER, "plain": PLAIN}
)

__all__ = ["PROFILES", "Printed", "Profile", "Report"]
