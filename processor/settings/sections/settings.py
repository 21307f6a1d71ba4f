"""Everything the operator may set, after all layers."""

from pydantic import Field

from processor.settings.sections.gate_file import GateFile
from processor.settings.sections.main_file import MainFile
from processor.settings.sections.section import Section
from processor.settings.sections.security_file import SecurityFile


class Settings(Section):
    """Everything, after all layers; `environment_name` is development, staging, production or one of your own."""

    environment_name: str = "production"
    main: MainFile = Field(default_factory=MainFile)
    gate: GateFile = Field(default_factory=GateFile)
    security: SecurityFile = Field(default_factory=SecurityFile)
