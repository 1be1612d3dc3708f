"""The shop is thanked for its delivery before anything is kept."""

import threading
import time

from hub.contract import Request, Response
from hub.intake.accept import THANKS, Porter
from hub.local.chaos.mutants.replacing import put

_LATER = 0.3  # seconds, as a writer that gathers many has them


def patch() -> None:
    """The door answers at once and keeps what came a moment later."""
    keep = Porter.accept

    def accept(
        self: Porter, slug: str, token: str, request: Request, name: str = ""
    ) -> tuple[Response, str]:
        def work() -> None:
            time.sleep(_LATER)
            keep(self, slug, token, request, name)

        threading.Thread(target=work, daemon=True).start()
        return THANKS, ""

    put(Porter, accept=accept)
