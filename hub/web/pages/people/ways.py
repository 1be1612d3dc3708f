"""The ways of people, in the order of their modules."""

from hub.web.pages.people import acts, bringing, listing, one, writing
from hub.web.pages.people.desk import wing

__all__ = ["acts", "bringing", "listing", "one", "wing", "writing"]
