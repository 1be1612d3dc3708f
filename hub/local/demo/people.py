"""Who lives in the demo town. Every number is from a range that telephone regulators keep free."""

from dataclasses import dataclass
from typing import Any

from hub.contract.kit.handsets import Kind


@dataclass(frozen=True)
class Resident:
    """Somebody with a phone. `consent`: whether they tick the box for marketing messages;
    None where the shop never asked. `handset`: what the phone can receive."""

    slug: str
    first_name: str
    last_name: str
    phone: str
    language: str
    country: str = "FR"
    consent: bool | None = True
    mobile: bool = True
    handset: Kind = "unreachable"

    @property
    def number(self) -> str:
        """The phone as the carrier knows it: E.164."""
        return self.phone.replace(" ", "")

    @property
    def as_buyer(self) -> dict[str, Any]:
        """What this person types at the checkout."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "phone": self.phone,
            "country": self.country,
            "email": f"{self.slug}@example.com",
            "language": self.language,
            "consent": self.consent,
        }


RESIDENTS = (
    Resident("lea", "Léa", "Moreau", "+33 6 39 98 05 67", "fr", handset="reachable"),
    Resident("marc", "Marc", "Dubois", "+33 6 39 98 06 78", "fr"),
    Resident("zoe", "Zoë", "Martin", "+33 6 39 98 01 23", "fr"),
    Resident("emma", "Emma", "Clarke", "+44 7700 900123", "en", "GB"),
    Resident("jonas", "Jonas", "Weber", "+33 6 39 98 02 34", "de"),
    Resident("giulia", "Giulia", "Rossi", "+33 6 39 98 04 56", "it", handset="offline"),
    Resident("lucia", "Lucía", "Navarro", "+33 6 39 98 03 45", "es", consent=None),
    Resident("paul", "Paul", "Petit", "+33 1 99 00 12 34", "fr", mobile=False),
)


def resident(slug: str) -> Resident:
    """The resident of that short name; the first one where there is none."""
    return next((one for one in RESIDENTS if one.slug == slug), RESIDENTS[0])
