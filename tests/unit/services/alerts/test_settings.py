"""
What the service of alerts can be told: a setting that is wrong is named with its fix.
"""

import pytest

from services.alerts.app import AlertsSettings
from services.runtime.errors import Misconfigured
from services.runtime.settings import load_settings


@pytest.mark.parametrize("url", ["https://alerts.example.com", "http://10.0.0.7:8084/alerts"])
def test_links_may_lead_to_any_address_of_the_web(url: str) -> None:
    assert load_settings(AlertsSettings, {"SQM_ALERTS_PUBLIC_URL": url}).alerts_public_url == url
    assert load_settings(AlertsSettings, {"SQM_ALERTS_DASHBOARDS_URL": url}).alerts_dashboards_url == url


@pytest.mark.parametrize("url", ["alerts.example.com", "https://alerts.example.com/", "https://a b", "ftp://x.example"])
def test_an_address_that_is_none_is_refused_with_one_that_would_be_taken(url: str) -> None:
    with pytest.raises(
        Misconfigured, match=r"SQM_ALERTS_PUBLIC_URL: is no address .* like https://alerts\.example\.com"
    ):
        load_settings(AlertsSettings, {"SQM_ALERTS_PUBLIC_URL": url})
