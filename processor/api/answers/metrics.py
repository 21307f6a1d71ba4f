"""What `/api/metrics` answers: the keys and units of the handbook, percent and seconds."""

from pydantic import Field

from processor.api.answers.answer import Answer

_EMPTY = "null before anything was processed"


class Processing(Answer):
    """What was processed since the ledger was made, and what is left."""

    total_issues_processed: int
    outcomes: dict[str, int] = Field(examples=[{"success": 41, "rejected": 5, "error": 1, "timeout": 0}])
    success_rate: float | None = Field(description=f"percent; {_EMPTY}", examples=[87.23])
    error_rate: float | None = Field(description=f"percent; {_EMPTY}", examples=[2.13])
    average_processing_time: float | None = Field(description=f"seconds; {_EMPTY}", examples=[212.4])
    active_tasks: int
    queued: int


class SystemUse(Answer):
    """What this host carries."""

    cpu_percent: float | None = Field(description="of all processors over the last minute", examples=[23.5])
    memory_percent: float = Field(examples=[61.2])
    disk_usage: float | None = Field(
        description="percent of the fuller of the disks with state and logs", examples=[48.0]
    )
    load_average: float = Field(description="of the last minute", examples=[0.7])


class ProcessUse(Answer):
    """What the service itself takes, without its agents."""

    pid: int
    cpu_percent: float = Field(description="of one processor, since it was last asked for", examples=[1.5])
    memory_percent: float = Field(examples=[0.9])


class Application(Answer):
    """The handbook's three numbers, over every run since the ledger was made."""

    total_processed: int
    success_rate: float | None = Field(description=f"percent; {_EMPTY}")
    avg_processing_time: float | None = Field(description=f"seconds; {_EMPTY}")


class MetricsAnswer(Answer):
    """The handbook's monitor in one object."""

    timestamp: float
    processing: Processing
    system: SystemUse
    process: ProcessUse
    application: Application
