"""All activities, each in a file of its own, and the tasks that wait for their workers."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

from infra.local.files import file_stem, write_whole
from infra.local.states.activity import Activity
from infra.local.states.reply import Reply
from infra.local.states.service_error import ServiceError
from translator.interpreter import TaskRequest

POLL_SECONDS: Final = 60.0
"""AWS: how long GetActivityTask waits for a task."""


class Activities:
    """Activities by name; safe to use from any thread.

    What waits is not kept here: after a restart the executions offer their tasks again.
    """

    def __init__(self, folder: Path, most_pollers: int) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._changed = threading.Condition()
        self._activities = {found.name: found for found in map(_read, sorted(folder.glob("*.json")))}
        self._waiting: dict[str, deque[tuple[TaskRequest, Reply]]] = {}
        self._most_pollers = most_pollers
        self._pollers = 0
        self._closed = False

    def all(self) -> list[Activity]:
        """Every activity, by name."""
        with self._changed:
            return [self._activities[name] for name in sorted(self._activities)]

    def find(self, name: str) -> Activity | None:
        """The activity of a name."""
        return self._activities.get(name)

    def create(self, wanted: Activity) -> Activity:
        """Keep an activity; the same name again gives the one that is there."""
        with self._changed:
            found = self._activities.get(wanted.name)
            return found or self._keep(wanted)

    def change(self, activity: Activity) -> None:
        """Keep an activity in another form."""
        with self._changed:
            self._keep(activity)

    def _keep(self, activity: Activity) -> Activity:
        write_whole(self._path(activity.name), json.dumps(activity.to_json()).encode())
        self._activities[activity.name] = activity
        return activity

    def remove(self, name: str) -> None:
        """Forget an activity; tasks that wait for it wait on, until their timeouts."""
        with self._changed:
            if self._activities.pop(name, None) is not None:
                self._path(name).unlink(missing_ok=True)

    def offer(self, name: str, request: TaskRequest, reply: Reply) -> None:
        """Put a task on the list of its activity."""
        with self._changed:
            self._waiting.setdefault(name, deque()).append((request, reply))
            self._changed.notify_all()

    def take(self, name: str, worker: str | None, seconds: float) -> TaskRequest | None:
        """The longest waiting task, which is the worker's from then on; None if there is none in time.

        Raises ServiceError ActivityWorkerLimitExceeded where too many wait already.
        """
        deadline = time.monotonic() + seconds
        while (offered := self._next(name, deadline)) is not None:
            request, reply = offered
            if reply.begun(worker):
                return request
        return None

    def close(self) -> None:
        """Let everybody go who waits for a task."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next(self, name: str, deadline: float) -> tuple[TaskRequest, Reply] | None:
        with self._changed:
            if not self._waiting.get(name) and self._pollers >= self._most_pollers:
                message = "The maximum number of workers concurrently polling for activity tasks is reached"
                raise ServiceError("ActivityWorkerLimitExceeded", message)
            self._pollers += 1
            try:
                while not (waiting := self._waiting.get(name)):
                    left = deadline - time.monotonic()
                    if left <= 0 or self._closed:
                        return None
                    self._changed.wait(left)
                return waiting.popleft()
            finally:
                self._pollers -= 1

    def _path(self, name: str) -> Path:
        return self._folder / f"{file_stem(name)}.json"


def _read(path: Path) -> Activity:
    return Activity.from_json(json.loads(path.read_bytes()))
