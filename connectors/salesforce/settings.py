"""The form a merchant fills in while installing."""

from hub.contract import Field

from .mapping import CONSENT, MARKER, ORIGIN, STANDARD, STATUS
from .write_back import NOTED

_LABELS = {
    "sent": "Sent",
    "delivered": "Delivered",
    "read": "Read",
    "failed": "Failed",
    "skipped": "Not sent",
    "clicked": "Clicked",
    "bought": "Bought",
    "replied": "Replied",
    "opted_out": "Opted out",
    "opted_in": "Opted in",
    "confirmed": "Booking confirmed",
    "declined": "Booking declined",
    "postponed": "Another slot asked",
}

SETTINGS = (
    Field(
        "login_url",
        "Sign-in address",
        "url",
        "Your My Domain address, or https://test.salesforce.com for a sandbox.",
        default="https://login.salesforce.com",
    ),
    Field(
        "objects",
        "What to read",
        "choices",
        "Each is read every two minutes, all in one call.",
        default=",".join(STANDARD),
        choices=tuple((name, name) for name in STANDARD),
    ),
    Field(
        "custom_objects",
        "Custom objects",
        help="Visit__c: Person=Contact__c, Status=Stage__c, Date=Visit_Date__c; Repair__c: …",
    ),
    Field(
        "phone_fields",
        "Phone fields",
        help="Of Contact and Lead; the first that holds something is used.",
        default="MobilePhone,Phone",
        maps="phone",
    ),
    Field(
        "country_field",
        "Country fields",
        help="Where a national number belongs.",
        default="Contact.MailingCountry, Lead.Country",
        maps="country",
    ),
    Field(
        "country",
        "Default country",
        help="Two letters (FR), where a record names none.",
        maps="country",
    ),
    Field(
        "language_field",
        "Language field",
        help="Of Contact and Lead, such as Language__c.",
        maps="language",
    ),
    Field("currency", "Currency", help="Three letters (EUR): your org's own.", default="EUR"),
    Field("multi_currency", "The org has several currencies", "flag"),
    Field(
        "consent_field",
        "Opt-out field",
        help="A checkbox on Contact and Lead: ticked means no messages. Empty: none.",
        default=CONSENT,
        maps="consent",
    ),
    Field(
        "opt_in_field",
        "Opt-in field",
        help="A checkbox on Contact and Lead: ticked means that the person agreed to marketing.",
        maps="consent",
    ),
    Field(
        "status_field",
        "Status field",
        help="A text on Contact and Lead for the newest result. Empty: none.",
        default=STATUS,
    ),
    Field(
        "note_outcomes",
        "Results written on the Task",
        "choices",
        "Choose «Sent» too where your carrier sends no receipts.",
        default=NOTED,
        choices=tuple(_LABELS.items()),
    ),
    Field("zone", "Time zone", help="Such as Europe/Paris: for the Tasks' dates.", advanced=True),
    Field("task_status", "Status of a done Task", default="Completed", advanced=True),
    Field("marker_field", "Task's external id field", default=MARKER, advanced=True),
    Field("origin_field", "Field for Relais' own note", default=ORIGIN, advanced=True),
    Field("api_version", "API version", default="64.0", advanced=True),
    Field(
        "base_url",
        "Address of the org's API",
        "url",
        "Only where it is another than Salesforce says on signing in.",
        advanced=True,
    ),
    Field(
        "share_calls",
        "Several reads or writes in one call",
        "flag",
        "Off: each is a call of its own.",
        default="1",
        advanced=True,
    ),
    Field(
        "change_events",
        "Listen to change events",
        "flag",
        "Pub/Sub API; needs Change Data Capture switched on, and the extra «pubsub».",
        advanced=True,
    ),
    Field(
        "pubsub_address",
        "Address of the Pub/Sub API",
        default="api.pubsub.salesforce.com:7443",
        advanced=True,
    ),
)
