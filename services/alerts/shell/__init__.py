"""
Around the engine: reads violations, commands and configurations, keeps state, lets messages out when they are safe.

    leading ──► office ──► outputs ──► topics of alerts, messages and deliveries
                  ▲           └──► delivering ──► notifiers ──► people
                  │ books ◄── config_file
    http_api, ack_page, seeing, reading: what people ask and order; observing: what Prometheus scrapes
"""
