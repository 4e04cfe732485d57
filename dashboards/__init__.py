"""
Dashboards: typed Python that writes the JSON which Grafana is provisioned with (`python -m dashboards`).
"""
