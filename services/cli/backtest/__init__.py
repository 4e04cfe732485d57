"""
`sqm backtest`: what proposed standards would have said about the past, beside those that were in force.
"""

from services.cli.backtest.command import app

__all__ = ["app"]
