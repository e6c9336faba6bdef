"""Phase 8: what a run will take, known before anything is deployed."""

from translator.forecast.declared import declared_counts, event_warnings
from translator.forecast.forecast import Forecast, forecast
from translator.forecast.prices import LIST_PRICES

__all__ = ["LIST_PRICES", "Forecast", "declared_counts", "event_warnings", "forecast"]
