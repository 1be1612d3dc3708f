"""What a merchant types in, and what follows from it: the channels, the brand, the addresses."""

from collections.abc import Mapping

from hub.contract import Agent, Field, Refused

BASE_URL = "https://api.twilio.com"
CONTENT_URL = "https://content.twilio.com"

CREDENTIALS = (
    Field(
        "auth_token",
        "Auth token",
        kind="secret",
        help="From the first page of the Twilio console; it also signs what Twilio calls back.",
        required=True,
    ),
    Field(
        "shared_key",
        "Secret of the webhook key",
        kind="secret",
        help="Only where you gave Twilio's webhooks a signing key of their own. Empty otherwise.",
    ),
)

# The account SID stands in every address, so it cannot be kept like a secret.
SETTINGS = (
    Field(
        "account_sid",
        "Account SID",
        help="AC and 32 characters, beside the auth token in the Twilio console.",
        required=True,
    ),
    Field(
        "messaging_service_sid",
        "Messaging Service SID",
        help="MG and 32 characters. Twilio then chooses the sender for each country.",
    ),
    Field(
        "sender",
        "Sender",
        help="A Twilio number or name, where there is no Messaging Service. Empty: the shop's own.",
    ),
    Field(
        "rcs_sender",
        "RCS sender",
        help="Like rcs:brand_agent, from the sender's page at Twilio. Empty: SMS only.",
    ),
    Field("rcs_name", "Name of the RCS brand", help="As phones show it, for previews."),
    Field("rcs_logo", "Logo of the RCS brand", kind="url", help="As phones show it, for previews."),
    Field(
        "per_second",
        "Messages per second",
        kind="number",
        help="The most the hub hands to Twilio in one second. Empty: no limit.",
        default="50",
    ),
    Field(
        "base_url",
        "Address of Twilio",
        kind="url",
        help="Another one only for an account in another region.",
        default=BASE_URL,
        advanced=True,
    ),
    Field(
        "content_url",
        "Address of Twilio's content templates",
        kind="url",
        help="Cards and carousels are made there.",
        default=CONTENT_URL,
        advanced=True,
    ),
)


def carries(settings: Mapping[str, str]) -> tuple[str, ...]:
    """SMS, and RCS where its sender is set."""
    return ("sms", "rcs") if settings.get("rcs_sender", "").strip() else ("sms",)


def agent(settings: Mapping[str, str]) -> Agent:
    """The brand as an RCS phone shows it; the sender's id where no name is set."""
    sender = rcs_sender(settings).removeprefix("rcs:")
    name = settings.get("rcs_name", "").strip() or sender
    return Agent(name, settings.get("rcs_logo", "").strip(), active=bool(sender))


def rcs_sender(settings: Mapping[str, str]) -> str:
    """The RCS sender with its prefix, however it was typed; empty where there is none."""
    bare = settings.get("rcs_sender", "").strip().removeprefix("rcs:")
    return f"rcs:{bare}" if bare else ""


def address(settings: Mapping[str, str], name: str, usual: str) -> str:
    """A host's address without its last slash. Raises Refused."""
    typed = (settings.get(name, "").strip() or usual).rstrip("/")
    if not typed.startswith(("https://", "http://")):
        raise Refused("Twilio's address must start with https://: correct it in the settings.")
    return typed
