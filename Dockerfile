# The image of processor and exporter: Python, git, bubblewrap and the client of PostgreSQL 17; no compiler, no pip of our own, no root.
# Adding a coding agent's program: docs/deployment.md.
FROM python:3.11.18-slim-trixie AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY processor processor
COPY exporter exporter
# The venv has no pip: nothing in the running image installs anything.
RUN python -m venv --without-pip /opt/aip \
    && pip --python /opt/aip/bin/python install --no-cache-dir --disable-pip-version-check --constraint constraints.txt .

FROM python:3.11.18-slim-trixie
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        bubblewrap ca-certificates git postgresql-client tini tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 aip \
    && useradd --uid 10001 --gid aip --home-dir /home/aip --no-create-home --shell /usr/sbin/nologin aip \
    && install -d -o aip -g aip -m 0755 /etc/alertmanager /var/lib/dashboards \
    && install -d -m 1777 /home/aip \
    && install -d -o aip -g aip -m 0750 /var/backups/aip /var/lib/aip /var/lib/forge /var/log/aip
COPY --from=build /opt/aip /opt/aip
COPY alertmanager /usr/share/aip/alertmanager
COPY deploy/container/aip deploy/container/write-dashboards /usr/local/bin/
RUN ln -s /opt/aip/bin/aip-exporter /usr/local/bin/aip-exporter
ENV AUTO_ISSUE_CONFIG_DIR=/etc/aip \
    AUTO_ISSUE_API_HOST=0.0.0.0 \
    AUTO_ISSUE_EXPORTER_HOST=0.0.0.0 \
    HOME=/home/aip \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /home/aip
# tini takes in the programs that agents leave behind.
ENTRYPOINT ["tini", "--"]
CMD ["aip", "run"]
