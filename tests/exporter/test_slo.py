"""The objectives are those of the settings."""


def test_the_handbooks_objectives_stand_unless_the_settings_say_otherwise(serve, office):
    scraped = serve("slo").scrape()
    assert scraped.value("aip_slo_objective_ratio", slo="success") == 0.85
    assert scraped.value("aip_slo_latency_threshold_seconds") == 300
    office.write(slo={"success_ratio": 0.9, "latency_threshold_seconds": 600})
    scraped = serve("slo").scrape()
    assert scraped.value("aip_slo_objective_ratio", slo="success") == 0.9
    assert scraped.value("aip_slo_latency_threshold_seconds") == 600
