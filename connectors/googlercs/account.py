"""The agent and the key that opens it, and taking a message back."""

import re
from collections.abc import Mapping

from hub.contract import Account, Agent, Context

from .client import agent_id, ask, error_of, object_in, status_of
from .reaching import reaches

# Arcep keeps this number for films and tests, so nobody's phone is asked about.
_NOBODY = "+33639980000"
_NAME = re.compile(r"phones/\+\d{1,15}/agentMessages/[\w-]{1,100}")
_DEAF = (
    "Without the webhook's client token nothing is known of deliveries and replies: paste it from "
    "the console."
)


def check(ctx: Context) -> Account:
    """The agent, once Google has let the key ask something in its name. Raises AuthLost."""
    identity = agent_id(ctx.settings)
    reaches(ctx, _NOBODY, ctx.deadline)
    lacks = () if ctx.secrets.get("client_token", "").strip() else (_DEAF,)
    return Account(f"Google RCS · {agent(ctx.settings).name}", identity, lacks=lacks)


def agent(settings: Mapping[str, str]) -> Agent:
    """The brand as phones show it. On which networks it is launched, Google does not tell here."""
    identity = settings.get("agent_id", "").strip()
    name = settings.get("agent_name", "").strip() or identity
    return Agent(name, settings.get("agent_logo", "").strip(), active=bool(identity))


def revoke(ctx: Context, name: str) -> bool:
    """Take a message back. True is Google's word that it is out of the queue and never arrives;
    False says that it was delivered, or that Google knows no such message."""
    if not _NAME.fullmatch(name):
        return False
    answer = ask(ctx, "DELETE", f"/v1/{name}")
    if answer.status_code == 404 and status_of(answer) == "NOT_FOUND":
        return False
    if not 200 <= answer.status_code < 300:
        raise error_of(answer)
    if answer.content.strip():
        object_in(answer)  # an empty one; somebody's page is no proof
    return True
