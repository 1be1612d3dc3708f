"""The alphabet: 3GPP TS 23.038 exactly, costly characters named, repairs that keep the words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.alphabet import (
    BASIC,
    EXTENSION,
    Costly,
    costly,
    encoding_of,
    is_gsm,
    spelling,
    tidy,
    transliterate,
)

# Code points of the standard, by code; the hub's string has no room for 0x1B, the escape.
_CODES = {
    0x00: "@",
    0x03: "¥",
    0x09: "Ç",
    0x0A: "\n",
    0x0D: "\r",
    0x10: "\N{GREEK CAPITAL LETTER DELTA}",
    0x11: "_",
    0x15: "\N{GREEK CAPITAL LETTER OMEGA}",
    0x1A: "\N{GREEK CAPITAL LETTER XI}",
    0x1C: "Æ",
    0x1F: "É",
    0x20: " ",
    0x24: "¤",
    0x40: "¡",
    0x41: "A",
    0x5B: "Ä",
    0x5F: "§",
    0x60: "¿",
    0x7A: "z",
    0x7F: "à",
}


@pytest.mark.parametrize(("code", "character"), _CODES.items())
def test_each_character_stands_at_its_code(code, character):
    assert BASIC[code - (code > 0x1B)] == character


def test_the_tables_have_127_and_10_characters_and_share_none():
    assert len(set(BASIC)) == len(BASIC) == 127
    assert len(set(EXTENSION)) == len(EXTENSION) == 10
    assert not set(BASIC) & set(EXTENSION)


@pytest.mark.parametrize("character", "êçôîûëïâœ’«»—…→`\u00a0\t\x1b\x00áíóúÀÈ")
def test_characters_outside_the_tables_force_ucs2(character):
    assert encoding_of(f"abc{character}") == "UCS2"


def test_costly_names_each_character_with_its_place_and_repair():
    assert costly("l’é\u00a0🎉\u200b") == (
        Costly(1, "’", "right single quotation mark", "'"),
        Costly(3, "\u00a0", "no-break space", " "),
        Costly(4, "🎉", "party popper", None),
        Costly(5, "\u200b", "zero width space", ""),
    )


def test_a_cheap_text_has_nothing_costly():
    assert costly("Déjà vu à 20 € {ok}") == ()


def test_a_character_without_a_name_is_called_by_its_number():
    assert costly("\ue000")[0].name == "U+E000"


@pytest.mark.parametrize(
    ("text", "cheap"),
    [
        ("l’été", "l'été"),
        ("ça va", "ca va"),
        ("cœur, Œuvre", "coeur, OEuvre"),
        ("fête, août, naïf, Noël, île", "fete, aout, naif, Noel, ile"),
        ("« Bonjour »", '"Bonjour"'),
        ("«\u00a0Bonjour\u202f»", '"Bonjour"'),
        ("„Guten Tag“", '"Guten Tag"'),
        ("10\u00a0000\u202f€", "10 000 €"),
        ("9h–18h — fin…", "9h-18h - fin..."),
        ("mañana, aquí, ¿tú?", "mañana, aqui, ¿tu?"),
        ("Łódź, Çeşme, Håkan, Đorđe", "Lódz, Çesme, Håkan, Dorde".replace("ó", "o")),
        ("GRÖẞE", "GRÖßE"),
        ("İstanbul, ısı", "Istanbul, isi"),
        ("ﬁn, Ａ１, ½, m², №", "fin, A1, 1/2, m2, No"),
        ("a\tb", "a b"),
        ("in\u00advisible\ufeff", "invisible"),
        ("e\u0301 e\u0302 c\u0327", "é e c"),
        ("\u2126 \u212b", "Ω Å"),
        ("© ™ ® →", "(c) TM (R) ->"),
        ("À È Ì Ù", "A E I U"),
    ],
)
def test_transliteration_spells_the_same_words_cheaply(text, cheap):
    assert transliterate(text) == cheap
    assert is_gsm(transliterate(text))


@pytest.mark.parametrize(
    "text",
    [
        "🎉",
        "👨‍👩‍👧‍👦",
        "🇫🇷",
        "❤️",
        "1️⃣",
        "Привет",
        "你好",
        "مرحبا",
        "שלום",
        "ไทย",
        "हिन्दी",
        "10 ₹",
        "Ⓜ️",
        "‾",
    ],
)
def test_emoji_and_other_scripts_stay(text):
    assert transliterate(text) == text


def test_a_costly_character_beside_an_emoji_is_still_repaired():
    assert transliterate("C’est la fête 🎉") == "C'est la fete 🎉"


@given(st.text(st.sampled_from(BASIC + EXTENSION)))
def test_a_cheap_text_is_never_changed(text):
    assert transliterate(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_transliteration_is_stable_and_only_ever_helps(text):
    once = transliterate(text)
    assert transliterate(once) == once
    assert len(costly(once)) <= len(costly(unicodedata.normalize("NFC", text)))


@given(st.characters(exclude_categories=["Cs"]))
def test_every_suggestion_is_cheap(character):
    assert is_gsm(spelling(character) or "")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00", "\ufffd\ufffd"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("e\u0301", "é"),
        ("plain", "plain"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_tidy_gives_what_can_be_sent(text, sent):
    assert tidy(text) == sent


@given(st.text())
def test_a_tidy_text_can_always_be_encoded_and_stays_tidy(text):
    tidied = tidy(text)
    tidied.encode("utf-8")
    assert tidy(tidied) == tidied
