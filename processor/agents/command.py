"""Run a coding-agent CLI on an issue: bounded, confined, without any token of ours."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace

from processor.agents.command_line import command_template, fill, profile_of, takes_stdin
from processor.agents.confinement import agent_sandbox, without_temporary_folder
from processor.agents.environment import agent_environment
from processor.agents.failures import failed, stopped, unstartable
from processor.agents.output import OutputFiles, remove_litter
from processor.agents.profiles import Report
from processor.agents.prompt import issue_prompt
from processor.agents.protocol import AgentTask
from processor.errors import ProcessorError, ResourceError
from processor.logs import Redactor
from processor.model import AgentResult, Usage
from processor.processes import ProcessResult, run_process
from processor.settings import sections

_MAX_SUMMARY_CHARACTERS = 2_000
_NEVER_RAN = -1
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL")


class CommandAgent:
    """A coding-agent CLI, called and read as its profile says."""

    def __init__(
        self, name: str, agent: sections.CommandAgent, settings: sections.Settings, environ: Mapping[str, str]
    ) -> None:
        """Raise SettingsError when the settings of this agent contradict each other."""
        self.name = name
        self._agent = agent
        self._profile = profile_of(agent)
        self._template = command_template(name, agent)
        self._settings = settings
        self._environ = environ

    def run(self, task: AgentTask) -> AgentResult:
        """Run the CLI in the worktree. Its failure is the result's `failure`; what it spent is told all the same."""
        environment = self._environment(task.run_id)
        try:
            files = OutputFiles.prepare(task.output_directory)
            files.write_prompt(issue_prompt(task.issue, secrets.token_hex(16)))
            result = self._call(task, files, environment)
        except OSError as error:
            return self._never_ran(task, unstartable(self.name, self._template[0], error))
        except ResourceError as error:
            return self._never_ran(task, error)
        remove_litter(task.worktree, self._profile.litter, task.tracked_files)
        return self._judge(task, files, environment, result)

    def _environment(self, run_id: str) -> dict[str, str]:
        allowed = (*self._settings.security.environment, *self._agent.environment)
        seen = agent_environment(run_id, allowed, self._environ, self._profile.environment)
        return without_temporary_folder(seen, self._settings)

    def _call(self, task: AgentTask, files: OutputFiles, environment: Mapping[str, str]) -> ProcessResult:
        argv = fill(
            self._template,
            {
                "prompt_file": str(files.prompt),
                "worktree": str(task.worktree),
                "output_file": str(files.output_file),
                "model": self._agent.model or "",
            },
        )
        return run_process(
            argv,
            cwd=task.worktree,
            environment=environment,
            timeout_seconds=self._limit(task),
            stdout=files.stdout,
            stderr=files.stderr,
            stdin=files.prompt if takes_stdin(self._agent, self._template) else None,
            max_output_bytes=self._settings.security.max_output_bytes,
            should_stop=task.should_stop,
            on_start=task.on_start,
            sandbox=agent_sandbox(task, self._settings, self._profile, environment.get("HOME"), self._environ),
        )

    def _limit(self, task: AgentTask) -> float:
        return min(task.timeout_seconds, self._agent.timeout_seconds or task.timeout_seconds)

    def _judge(
        self, task: AgentTask, files: OutputFiles, environment: Mapping[str, str], result: ProcessResult
    ) -> AgentResult:
        max_bytes = self._settings.security.max_output_bytes
        printed = files.read(max_bytes)
        redactor = Redactor()
        for variable in self._agent.environment:
            if _SECRET_NAME.search(variable):
                redactor.protect(environment.get(variable, ""))
        report = _redacted(self._profile.parse(printed), redactor)
        printed = replace(printed, stdout=redactor.redact(printed.stdout), stderr=redactor.redact(printed.stderr))
        failure = stopped(self.name, result.ending, self._limit(task), max_bytes) or failed(
            task, self.name, result, report, printed
        )
        return AgentResult(
            agent=self.name,
            exit_code=result.exit_code,
            usage=report.usage,
            summary=_end_of(report.summary),
            output_path=str(files.stdout),
            failure=failure,
        )

    def _never_ran(self, task: AgentTask, failure: ProcessorError) -> AgentResult:
        return AgentResult(
            agent=self.name,
            exit_code=_NEVER_RAN,
            usage=Usage(),
            summary="",
            output_path=str(task.output_directory / "agent.stdout"),
            failure=failure,
        )


def _redacted(report: Report, redactor: Redactor) -> Report:
    error = None if report.error is None else redactor.redact(report.error)
    return replace(report, summary=redactor.redact(report.summary), error=error)


def _end_of(text: str) -> str:
    return text if len(text) <= _MAX_SUMMARY_CHARACTERS else f"…{text[1 - _MAX_SUMMARY_CHARACTERS :]}"
