"""Grafana: dashboards written by code, and what provisions them."""
