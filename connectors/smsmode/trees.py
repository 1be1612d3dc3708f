"""smsmode's two trees of addresses, SMS and RCS: alike, and each with a key of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.contract import Agent

# The name of an RCS agent, in characters.
MOST_NAME = 40


@dataclass(frozen=True)
class Tree:
    """One tree: where its messages are, and the secret that opens it."""

    title: str
    messages: str
    secret: str


SMS = Tree("SMS", "/sms/v1/messages", "api_key")
RCS = Tree("RCS", "/rcs/v1/messages", "rcs_key")


def tree_of(path: str) -> Tree:
    """The tree that an address belongs to; what is common to both goes by the key for SMS."""
    return RCS if path.startswith("/rcs/") else SMS


def carries(settings: Mapping[str, str]) -> Sequence[str]:
    """RCS only once an agent is named."""
    return ("sms", "rcs") if agent_name(settings) else ("sms",)


def agent(settings: Mapping[str, str]) -> Agent:
    """The brand as an RCS phone shows it."""
    name = agent_name(settings)
    fits = 0 < len(name) <= MOST_NAME
    return Agent(name, settings.get("agent_logo", "").strip(), active=fits)


def agent_name(settings: Mapping[str, str]) -> str:
    """The agent's name as it was typed."""
    return settings.get("agent", "").strip()
