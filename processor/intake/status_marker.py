"""The mark that finds our one comment on an issue again."""

STATUS_MARKER = "<!-- auto-issue-processor:status -->"
