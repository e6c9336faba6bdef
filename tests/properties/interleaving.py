"""Work in several processes at once, of which one at a time goes on, from one call outside to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable


class KilledError(BaseException):
    """The end of a process, which no code catches."""


class Processes:
    """Processes that stop before each call outside until they are told to go on, or are killed there."""

    def __init__(self) -> None:
        self.alive: list[Process] = []
        self._running: Process | None = None

    def begin(self, work: Callable[[], object]) -> Process:
        """A process that has done nothing yet."""
        process = Process(work)
        self.alive.append(process)
        return process

    def gate(self) -> None:
        """What is called before each call outside; it does nothing outside of processes."""
        if self._running is not None:
            self._running.pause()

    def step(self, process: Process) -> None:
        """Lets it go on to its next call, or to its end."""
        self._running = process
        process.go_on()
        self._running = None
        if process.is_done:
            self.alive.remove(process)

    def finish(self, process: Process) -> None:
        """Lets it go on to its end."""
        while process in self.alive:
            self.step(process)

    def kill(self, process: Process) -> None:
        """Ends it where it stands."""
        process.killed = True
        self.step(process)


class Process:
    """One of them; its own thread, which runs only while it is told to."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.killed = False
        self.is_done = False
        self.error: Exception | None = None
        self._work = work
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def go_on(self) -> None:
        """Returns when it has stopped again; raises what it has ended with, if nobody expected that."""
        self._go.release()
        self._stopped.acquire()
        if self.is_done:
            self._thread.join()
        if self.error is not None:
            raise self.error

    def pause(self) -> None:
        """Stops here; raises KilledError if it does not go on."""
        self._stopped.release()
        self._go.acquire()
        if self.killed:
            raise KilledError

    def _run(self) -> None:
        self._go.acquire()
        try:
            if not self.killed:
                self._work()
        except KilledError:
            pass
        except Exception as error:
            self.error = error
        finally:
            self.is_done = True
            self._stopped.release()
