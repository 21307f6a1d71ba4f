"""A coding agent whose behaviour is its first argument; it really edits files, hangs, fails or lies."""

import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    kind, marks = sys.argv[1], Path(sys.argv[2])
    (marks / f"environment-{os.getpid()}").write_text(
        "\n".join(f"{name}={value}" for name, value in sorted(os.environ.items()))
    )
    prompt = sys.stdin.read()
    assert prompt
    match kind:
        case "edit":
            path = Path("greeting.py")
            path.write_text(path.read_text().replace("helo", "hello"))
            print("I fixed the greeting; fixes #999 for @somebody")
        case "wait":
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            (marks / "agent-started").touch()
            while not (marks / "agent-go").exists():
                time.sleep(0.02)
            path = Path("greeting.py")
            path.write_text(path.read_text().replace("helo", "hello"))
        case "break":
            Path("greeting.py").write_text("def greet(:\n")
        case "hang":
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            time.sleep(600)
        case "fail":
            print("cannot reach the model", file=sys.stderr)
            return 3
        case "lie":
            print("Pull request created successfully!")
    return 0


if __name__ == "__main__":
    sys.exit(main())
