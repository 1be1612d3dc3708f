"""Home: what needs me, and how the week goes."""

from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown, Wing

wing = Wing("home")


@wing.way("GET /", may="see")
def home(visit: Visit) -> Shown:
    """The first page after signing in."""
    return Shown("home.html", {"here": "/"})
