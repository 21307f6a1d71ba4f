"""Where our own data, logs and HTTP server live."""

from pathlib import Path

from pydantic import Field

from processor.settings.sections.section import FilePath, Integer, Section, Text


class State(Section):
    """Where our own data lives. Relative paths start at the folder the command is started in."""

    directory: FilePath = Field(Path("state"), description="SQLite files, mirrors, worktrees and agent output")
    database_url: str | None = Field(
        None,
        pattern=r"^(sqlite:///|postgresql(\+psycopg)?://)",
        examples=["postgresql://aip@db.example.com/aip"],
        description="SQLite files under `directory` when absent; a password goes into database_password_file",
    )
    database_password_file: FilePath | None = Field(None, description="file that holds the password alone")


class Logs(Section):
    """Where logs go. Relative paths start at the folder the command is started in."""

    directory: FilePath = Field(Path("logs"), description="folder of auto_issue_processor.log")
    max_bytes: Integer = Field(10_485_760, ge=1024, description="size at which auto_issue_processor.log is rotated")
    backup_count: Integer = Field(5, ge=1, description="rotated files that are kept")


class Api(Section):
    """The processor's own HTTP server."""

    host: Text = Field("127.0.0.1", description="address to listen on")
    port: Integer = Field(8080, ge=0, le=65535, description="0 takes a free port")
    allowed_hosts: tuple[Text, ...] = Field(
        (),
        examples=[["aip.example.com"]],
        description="names by which a proxy with a login before us may be called; who comes so may read",
    )
