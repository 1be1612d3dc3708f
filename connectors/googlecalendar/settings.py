"""The fields of the install form."""

from hub.contract import Field

from . import client, phones, signing
from .bookings import DEFAULT_MARKS

_COLOURS = (
    ("", "Leave the colour"),
    ("1", "Lavender"),
    ("2", "Sage"),
    ("3", "Grape"),
    ("4", "Flamingo"),
    ("5", "Banana"),
    ("6", "Tangerine"),
    ("7", "Peacock"),
    ("8", "Graphite"),
    ("9", "Blueberry"),
    ("10", "Basil"),
    ("11", "Tomato"),
)

SETTINGS = (
    Field(
        "calendars",
        "Calendars with bookings",
        "choices",
        default="primary",
        choices=(("primary", "The account's own calendar"),),
        live=True,
    ),
    Field(
        "other_calendars",
        "Other calendars",
        help="Calendar ids with commas between: for a service account, which has no list.",
    ),
    Field(
        "phone_from",
        "Where the phone is",
        "choices",
        "Looked at in this order; the first that has a phone counts.",
        default=phones.ORDER,
        choices=phones.PLACES,
        maps="phone",
    ),
    Field(
        "phone_label",
        "Words before the phone",
        help="With commas between, in any language that your staff writes.",
        default=phones.LABELS,
        maps="phone",
    ),
    Field(
        "phone_property",
        "Private property with the phone",
        help="The name that your booking tool gives it.",
        default="phone",
        maps="phone",
    ),
    Field(
        "country",
        "Default country",
        help="Two letters (FR): for phones without a country.",
        maps="country",
    ),
    Field(
        "zone",
        "Time zone",
        help="Only for events and calendars that have none, such as Europe/Paris.",
        maps="zone",
    ),
    Field("all_day", "All-day events are bookings", "flag", "They then begin at nine."),
    Field("title_mark", "Mark when confirmed", default=DEFAULT_MARKS["title_mark"]),
    Field("no_mark", "Mark when declined", default=DEFAULT_MARKS["no_mark"]),
    Field("later_mark", "Mark when another time is asked", default=DEFAULT_MARKS["later_mark"]),
    Field("confirmed_colour", "Colour when confirmed", "choice", default="10", choices=_COLOURS),
    Field("declined_colour", "Colour when declined", "choice", default="11", choices=_COLOURS),
    Field("postponed_colour", "Colour when another time", "choice", default="5", choices=_COLOURS),
    Field(
        "on_no",
        "When somebody answers NO",
        "choice",
        default="mark",
        choices=(("mark", "Mark the event"), ("cancel", "Delete the event, which frees its time")),
    ),
    Field("api_url", "Address of the API", "url", default=client.API_URL, advanced=True),
    Field("auth_url", "Address of the sign-in", "url", default=signing.AUTH_URL, advanced=True),
    Field("token_url", "Address of the tokens", "url", default=signing.TOKEN_URL, advanced=True),
)
