"""Columns of a file of people: which one holds what, known by their headings in five languages and
by what stands in them."""

import re
from collections.abc import Mapping, Sequence

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "phone": ("mobile", "mobile_phone", "phone_number", "telephone", "téléphone", "telefono",
              "telefon", "handy", "movil", "móvil", "cellulare", "tel", "gsm"),
    "first_name": ("firstname", "prénom", "prenom", "vorname", "nombre", "nome"),
    "last_name": ("lastname", "surname", "nom", "nachname", "apellido", "cognome"),
    "email": ("e-mail", "mail", "email_address"),
    "language": ("lang", "langue", "sprache", "idioma", "lingua"),
    "consent": ("opt_in", "optin", "marketing_consent", "consentement", "einwilligung"),
}  # fmt: skip
# Only where somebody looks at what was guessed before anything is kept.
_LOOSER: Mapping[str, tuple[str, ...]] = {
    "phone": ("portable", "mobil", "mobilnummer", "telefonnummer", "handynummer", "rufnummer",
              "numéro", "numero", "téléfono", "teléfono", "teléfono_móvil", "numero_di_telefono",
              "cell", "cell_phone", "mobile_number", "msisdn", "sms", "téléphone_portable"),
    "first_name": ("given_name", "first", "nombre_de_pila"),
    "last_name": ("family_name", "last", "nom_de_famille", "apellidos", "familienname", "name"),
    "email": ("courriel", "adresse_e-mail", "adresse_mail", "correo", "correo_electrónico",
              "e-mail-adresse", "posta_elettronica"),
    "language": ("locale", "language_code"),
    "country": ("country_code", "pays", "land", "país", "pais", "paese", "nazione"),
    "consent": ("consenso", "consentimiento", "accepts_marketing", "newsletter", "sms_consent",
                "zustimmung", "accord", "accepts_sms_marketing", "marketing"),
    "consent_source": ("source", "quelle", "origine", "origen", "fonte", "opt_in_source"),
    "consent_at": ("consent_date", "opt_in_date", "date_de_consentement", "date_consentement",
                   "einwilligung_am", "fecha_de_consentimiento", "data_consenso", "opted_in_at"),
}  # fmt: skip
PARTS = ("phone", "first_name", "last_name", "email", "language", "country", "consent",
         "consent_source", "consent_at")  # fmt: skip
_YES = ("yes", "y", "true", "1", "oui", "ja", "si", "sí", "sì", "granted")
_NO = ("no", "n", "false", "0", "non", "nein", "withdrawn")
CONSENTS = dict.fromkeys(_YES, "granted") | dict.fromkeys(_NO, "withdrawn")
_PHONE = re.compile(r"(\+|00|0)?[\d\s./()-]{8,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LIKE = {"email": _EMAIL, "phone": _PHONE}
_MOSTLY = 0.6


def plain(heading: str) -> str:
    """A heading as it is compared."""
    return heading.strip().lower().replace(" ", "_")


def guess(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> dict[str, int]:
    """Where each part seems to stand, by its heading, else by the first `lines`."""
    names = [plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for part in PARTS:
        known = (part, *HEADINGS.get(part, ()), *_LOOSER.get(part, ()))
        at = next((names.index(one) for one in known if one in names), None)
        if at is not None and at not in found.values():
            found[part] = at
    for part, like in _LIKE.items():
        if part not in found:
            free = [at for at in range(len(names)) if at not in found.values()]
            looks = [at for at in free if _is_mostly(like, lines, at)]
            found |= {part: looks[0]} if looks else {}
    return found


def is_email(text: str) -> bool:
    """Whether it looks like an address that mail could reach."""
    return _EMAIL.fullmatch(text) is not None


def _is_mostly(like: re.Pattern[str], lines: Sequence[Sequence[str]], at: int) -> bool:
    said = [line[at].strip() for line in lines if at < len(line) and line[at].strip()]
    return bool(said) and sum(map(bool, map(like.fullmatch, said))) / len(said) >= _MOSTLY
