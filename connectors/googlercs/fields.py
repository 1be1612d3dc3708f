"""What a merchant sets: which agent, how phones show it, where and how fast Google is called."""

from hub.contract import Field

HOST = "rcsbusinessmessaging.googleapis.com"
REGIONS = {"europe": "Europe", "us": "United States", "asia": "Asia"}

SETTINGS = (
    Field(
        "agent_id",
        "Agent id",
        help="The agent's id as the RCS for Business console shows it, for example "
        "maison_lune_x1y2_agent.",
        required=True,
    ),
    Field(
        "agent_name",
        "Agent name",
        help="The brand as phones show it; it is shown in previews. Empty: the agent id.",
    ),
    Field(
        "agent_logo",
        "Agent logo",
        kind="url",
        help="The https address of the agent's logo, for previews.",
    ),
    Field(
        "region",
        "Region",
        kind="choice",
        help="The region that the agent was created for: Google answers for it nowhere else.",
        default="europe",
        choices=tuple(REGIONS.items()),
    ),
    Field(
        "per_second",
        "Messages per second",
        kind="number",
        help="The most the hub hands to Google in one second. Empty: no limit.",
        default="50",
    ),
    Field(
        "base_url",
        "Address of the messaging API",
        kind="url",
        help="Only where Google is reached through a gateway. Empty: the region's own address.",
        advanced=True,
    ),
    Field(
        "token_url",
        "Address of the tokens",
        kind="url",
        help="Where the key is exchanged for a token; leave it unless Google names another.",
        default="https://oauth2.googleapis.com/token",
        advanced=True,
    ),
)
