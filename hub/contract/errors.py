"""The closed list of errors a connector may raise; vendor codes are translated to one of these."""

from dataclasses import dataclass


@dataclass(eq=False)
class ConnectorError(Exception):
    """What the vendor said, in words an operator understands. Never holds a secret or a phone."""

    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(eq=False)
class Rejected(ConnectorError):
    """This request does not come from the vendor: bad or missing signature, wrong channel."""


@dataclass(eq=False)
class AuthLost(ConnectorError):
    """The vendor no longer accepts our credentials: a person must reconnect. Nothing was done."""


@dataclass(eq=False)
class Throttled(ConnectorError):
    """Too many calls; nothing was done. `retry_after` is in seconds."""

    retry_after: float = 60.0


@dataclass(eq=False)
class Unavailable(ConnectorError):
    """The vendor did not answer properly; try again.

    `reached` is False only with proof that no byte of the request was given to the vendor
    (name not found, connection refused, TLS failure). True means: it may have been done.
    """

    reached: bool = True


@dataclass(eq=False)
class Refused(ConnectorError):
    """The vendor understood and said no, and always will. `code` is the vendor's own."""

    code: str = ""
