"""What a batch needed and needs no more goes back to the system, where the C library would keep it
for the next one: holes between what stands, page by page."""

import sys
import threading
import time

EVERY = 2.0  # seconds; a walk through a few MB of holes is a millisecond


def give_back() -> None:
    """Return every free page. Only glibc has the call; elsewhere nothing happens."""
    if sys.platform == "linux":
        import ctypes  # as late as this: the web's head has no other use for it

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def keep_giving_back() -> None:
    """From now on, beside whatever this process does."""

    def go_on() -> None:
        while True:
            time.sleep(EVERY)
            give_back()

    threading.Thread(target=go_on, daemon=True, name="thrift").start()
