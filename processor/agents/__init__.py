"""Agents change the code of a worktree: coding-agent CLIs and deterministic recipes."""

from processor.agents.availability import Availability, check_agent
from processor.agents.choice import choose_agent, make_agent
from processor.agents.protocol import Agent, AgentTask

__all__ = ["Agent", "AgentTask", "Availability", "check_agent", "choose_agent", "make_agent"]
