"""This host: ratios from 0 to 1, sizes in bytes."""

import psutil


def test_ratios_lie_between_0_and_1(serve):
    scraped = serve("host").scrape()
    for name in ("aip_host_cpu_usage_ratio", "aip_host_memory_usage_ratio"):
        assert 0 <= scraped.value(name) <= 1
    assert scraped.value("aip_host_load1") >= 0
    assert all(0 < ratio <= 1 for ratio in scraped.values("aip_host_disk_usage_ratio").values())


def test_the_disks_are_those_of_the_settings_and_of_our_folders(serve, office):
    office.write(exporter={"mountpoints": ["/", "/proc/self", "/nowhere/at/all"]})
    shown = {dict(labels)["mountpoint"] for labels in serve("host").scrape().values("aip_host_disk_usage_ratio")}
    assert {"/", "/proc"} <= shown
    assert shown <= {part.mountpoint for part in psutil.disk_partitions(all=True)}


def test_folders_are_measured_without_following_links(serve, office):
    state = office.root / "state"
    (state / "mirrors").mkdir(parents=True)
    (state / "mirrors" / "pack").write_bytes(b"x" * 10_000)
    (state / "ledger.copy").write_bytes(b"x" * 500)
    (state / "link").symlink_to("/usr")
    scraped = serve("folders").scrape()
    assert scraped.value("aip_state_size_bytes") == 10_500
    assert scraped.value("aip_logs_size_bytes") == 0


def test_a_further_host_needs_no_ledger(program):
    done = program("--collectors", "host,folders", "--once")
    assert (done.code, done.err) == (0, "")
    assert "aip_host_memory_usage_ratio" in done.out
    assert "aip_runs_total" not in done.out
