"""How hard the property tests of connectors try; RELAIS_EXAMPLES=2000 makes them try harder."""

import os

from hypothesis import settings

_USUAL = 100

# No deadline: a busy machine is no fault of the code.
settings.register_profile(
    "connectors", max_examples=int(os.environ.get("RELAIS_EXAMPLES", _USUAL)), deadline=None
)
settings.load_profile("connectors")
