"""When a schedule fires: EventBridge Scheduler's expressions and Unix cron, in a time zone."""

from translator.schedule.error import ScheduleSyntaxError
from translator.schedule.expression import CronExpression, OneTime, Rate, ScheduleExpression, parse_expression
from translator.schedule.occurrences import Schedule, occurrences
from translator.schedule.reading import (
    ScheduleReading,
    read_at,
    read_cron,
    read_moment,
    read_rate,
    read_zone,
)
from translator.schedule.unix import parse_unix_cron

__all__ = [
    "CronExpression",
    "OneTime",
    "Rate",
    "Schedule",
    "ScheduleExpression",
    "ScheduleReading",
    "ScheduleSyntaxError",
    "occurrences",
    "parse_expression",
    "parse_unix_cron",
    "read_at",
    "read_cron",
    "read_moment",
    "read_rate",
    "read_zone",
]
