"""Phase 8: what a run will take, known before anything is deployed."""

from translator.forecast.declared import declared_counts
from translator.forecast.forecast import Forecast, forecast
from translator.forecast.limits import MAX_EVENTS
from translator.forecast.prices import LIST_PRICES

__all__ = ["LIST_PRICES", "MAX_EVENTS", "Forecast", "declared_counts", "forecast"]
