"""Run a recipe on an issue: deterministic tools, one after the other, on tracked files only."""

import time
from collections.abc import Iterator, Mapping, Sequence

from processor.agents.confinement import agent_sandbox, without_temporary_folder
from processor.agents.environment import agent_environment
from processor.agents.failures import failed, stopped, unstartable
from processor.agents.output import OutputFiles
from processor.agents.profiles import Report
from processor.agents.protocol import AgentTask
from processor.agents.recipe_targets import step_files, step_rules
from processor.agents.recipe_tools import has_ruff_configuration, is_failure, known_rules, takes_file, tool_argv
from processor.errors import AgentError, ProcessorError, ResourceError
from processor.model import AgentResult, Usage
from processor.processes import ProcessResult, run_process
from processor.settings import sections

#: No model takes part, so these are facts, not guesses.
_NOTHING_SPENT = Usage(
    input_tokens=0,
    cache_read_tokens=0,
    cache_write_tokens=0,
    output_tokens=0,
    reasoning_tokens=0,
    cost_dollars=0.0,
)
_MAX_ARGV_CHARACTERS = 100_000


class RecipeAgent:
    """A list of deterministic tools."""

    def __init__(
        self, name: str, recipe: sections.RecipeAgent, settings: sections.Settings, environ: Mapping[str, str]
    ) -> None:
        self.name = name
        self._recipe = recipe
        self._settings = settings
        self._environ = environ

    def run(self, task: AgentTask) -> AgentResult:
        """Run the steps in order; the first that cannot work ends the recipe with a `failure`."""
        deadline = time.monotonic() + task.timeout_seconds
        done: list[str] = []
        exit_code = 0
        failure: ProcessorError | None = None
        try:
            files = OutputFiles.prepare(task.output_directory)
            for step in self._recipe.steps:
                exit_code, failure = self._run_step(step, task, files, deadline)
                if failure is not None:
                    break
                done.append(step.tool)
        except (AgentError, ResourceError) as error:
            failure = error
        except OSError as error:
            failure = unstartable(self.name, "python", error)
        return AgentResult(
            agent=self.name,
            exit_code=exit_code,
            usage=_NOTHING_SPENT,
            summary=f"ran {', '.join(done)}" if done else "",
            output_path=str(task.output_directory / "agent.stdout"),
            failure=failure,
        )

    def _run_step(
        self, step: sections.RecipeStep, task: AgentTask, files: OutputFiles, deadline: float
    ) -> tuple[int, ProcessorError | None]:
        rules = step_rules(step, task.issue, known_rules() if step.rules == "from_issue" else ())
        named = step_files(step, task.issue, task.tracked_files, task.worktree)
        is_configured = has_ruff_configuration(task.worktree, task.tracked_files)
        exit_code = 0
        for batch in _batches([path for path in named if takes_file(step, path)]):
            result = self._call(tool_argv(step, rules, batch, is_configured=is_configured), task, files, deadline)
            exit_code = max(exit_code, result.exit_code)
            failure = self._failure(step, result, task, files)
            if failure is not None:
                return result.exit_code, failure
        return exit_code, None

    def _call(self, argv: list[str], task: AgentTask, files: OutputFiles, deadline: float) -> ProcessResult:
        environment = agent_environment(task.run_id, self._settings.security.environment, self._environ, {})
        return run_process(
            argv,
            cwd=task.worktree,
            environment=without_temporary_folder(environment, self._settings),
            timeout_seconds=max(0.0, deadline - time.monotonic()),
            stdout=files.stdout,
            stderr=files.stderr,
            max_output_bytes=self._settings.security.max_output_bytes,
            should_stop=task.should_stop,
            on_start=task.on_start,
            sandbox=agent_sandbox(task, self._settings, None, environment.get("HOME"), self._environ),
        )

    def _failure(
        self, step: sections.RecipeStep, result: ProcessResult, task: AgentTask, files: OutputFiles
    ) -> ProcessorError | None:
        max_bytes = self._settings.security.max_output_bytes
        halted = stopped(self.name, result.ending, task.timeout_seconds, max_bytes)
        if halted is not None or not is_failure(step, result.exit_code):
            return halted
        printed = files.read(max_bytes)
        words = printed.stderr.strip() or printed.stdout.strip()
        return failed(task, self.name, result, Report(error=f"{step.tool}: {words}"), printed)


def _batches(files: Sequence[str]) -> Iterator[list[str]]:
    """Split files so that no command grows past what the kernel takes."""
    batch: list[str] = []
    size = 0
    for path in files:
        if batch and size + len(path) > _MAX_ARGV_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += len(path) + 1
    if batch:
        yield batch
