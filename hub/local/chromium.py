"""A real browser for tests and benchmarks: the Chromium this machine has, or Playwright's own.

Playwright keeps an event loop running in its thread while it is open, so nothing else in that
thread may run one: it is opened for a module's tests, not for all of them.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def opened() -> Iterator[Any]:
    """A Playwright `Browser`, headless, closed at the end."""
    from playwright.sync_api import sync_playwright  # what only tests and benchmarks install

    with sync_playwright() as kit:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        browser = kit.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """It is open for a module's tests."""
    with opened() as browser:
        yield browser
