"""Play an agent that behaves as no agent should: `python -m processor.demo.scripted_agent break|hang|fail|pretend`.

It is a real program in a real worktree: it reads the prompt from standard input and edits files. It imports nothing
but the standard library, for it starts inside the agents' sandbox.
"""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

FAILURE_EXIT_CODE = 3
_FOR_EVER_SECONDS = 3600
_REFUSE_TO_END = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep({_FOR_EVER_SECONDS})"
_PATH = re.compile(r"`([^`\n]+\.pyi?)`")


def main(arguments: list[str]) -> int:
    """Behave as the one argument says; 2 for any other."""
    behaviours = {"break": break_the_code, "hang": hang, "fail": fail, "pretend": pretend}
    if len(arguments) != 1 or arguments[0] not in behaviours:
        _say(f"usage: python -m processor.demo.scripted_agent {'|'.join(behaviours)}", sys.stderr)
        return 2
    return behaviours[arguments[0]](sys.stdin.read())


def break_the_code(prompt: str) -> int:
    """Stop in the middle of an edit: the file that the issue names can no longer be parsed."""
    named = (Path(path) for path in _PATH.findall(prompt))
    target = next((path for path in named if path.is_file()), None)
    if target is None:
        _say("the issue names no Python file", sys.stderr)
        return FAILURE_EXIT_CODE
    with target.open("a", encoding="utf-8") as file:
        file.write("\n\ndef check_input(value):\n    if value is None\n        raise ValueError(\n")
    _say(f"{target} now checks its input. All tests pass.")
    return 0


def hang(_prompt: str) -> int:
    """Refuse to end, together with a child that refuses as well."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _say("Thinking ...")
    with subprocess.Popen([sys.executable, "-c", _REFUSE_TO_END]):
        time.sleep(_FOR_EVER_SECONDS)
    return 0


def fail(_prompt: str) -> int:
    """End with an exit code that is no success."""
    _say("model overloaded, giving up", sys.stderr)
    return FAILURE_EXIT_CODE


def pretend(_prompt: str) -> int:
    """Claim success without touching a file."""
    _say("I annotated every public function and verified it. All tests pass.")
    return 0


def _say(text: str, stream: TextIO = sys.stdout) -> None:
    stream.write(f"{text}\n")
    stream.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
