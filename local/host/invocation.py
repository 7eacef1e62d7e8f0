"""Calls functions on threads of their own, as the worker does, and returns what they return or raise."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

THREADS = 1000
"""The real host's PYTHON_THREADPOOL_THREAD_COUNT when the app sets none; threads are made as needed."""


class Invoker:
    """The worker's thread pool."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="function")

    def start(self, call: Callable[[], object]) -> Future[object]:
        return self._threads.submit(call)

    def close(self) -> None:
        """Accept no more calls; those that run may end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
