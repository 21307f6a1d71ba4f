"""How the exporter serves metrics, and the objectives that alerts and dashboards measure against."""

from typing import Literal

from pydantic import Field

from processor.settings.sections.section import FilePath, Integer, Number, Seconds, Section, Text


class Exporter(Section):
    """The HTTP server of `aip-exporter`."""

    host: Text = Field("127.0.0.1", description="address to listen on")
    port: Integer = Field(9464, ge=0, le=65535, description="0 takes a free port")
    web_config_file: FilePath | None = Field(
        None, description="`web.yml` with TLS and basic authentication; plain HTTP without one"
    )
    scrape_limit_seconds: Seconds = Field(
        5, description="a collector that takes longer shows its last values; keep it below Prometheus's scrape_timeout"
    )
    mountpoints: tuple[Text, ...] = Field(
        ("/",), description="file systems whose use is shown, besides those of the folders of state and logs"
    )


class Slo(Section):
    """Service level objectives, shown as metrics; the latency threshold is an edge of aip_issue_latency_seconds."""

    success_ratio: Number = Field(0.85, gt=0, lt=1, description="share of processed runs that should succeed")
    latency_ratio: Number = Field(0.85, gt=0, lt=1, description="share of issues that should be done in time")
    latency_threshold_seconds: Literal[60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400] = Field(
        300, description="from discovery to outcome"
    )
