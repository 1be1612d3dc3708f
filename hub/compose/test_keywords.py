"""Replies: whole-message words of five languages count, sentences never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.keywords import Keyword, own_words, read, unfit

CODE = "36034"

TABLE = {
    Keyword.STOP: [
        "STOP", "stop", "Stop", "STOP.", "stop!!", "«STOP»", "“Stop”", "  stop  ", "stop\n",
        "STOP 🛑", "🙏 stop 🙏", "S T O P", "s.t.o.p.", "s t o p", "S-T-O-P", "ＳＴＯＰ",
        "S\u200bTOP\u202e", "STOP STOP STOP", "STOP 36034", "STOP au 36034", "stop to 36034",
        "Stop36034", "ARRET 36034", "STOP 36 034", "STOPALL", "Stop all", "UNSUBSCRIBE", "Cancel",
        "END", "Quit", "opt out", "opt-out", "OPTOUT", "Revoke", "stop please", "Please stop.",
        "Stop merci", "ARRET", "ARRÊT", "arrêt", "Arrêter", "Stopper", "DESABONNER", "Désabonner",
        "DÉSABONNEMENT", "De\u0301sabonnement", "me désabonner", "Désinscription",
        "désabonnez-moi", "BAJA", "Alto", "Parar", "CANCELAR", "dar de baja", "No más", "ANNULLA",
        "Disiscrivi", "DISISCRIVIMI", "Ferma", "Basta", "STOPP", "Stopp!", "Abmelden",
        "ABBESTELLEN", "Ende", "Aufhören", "Kuendigen", "Sair", "СТОП", "στοπ", "הסר",
    ],
    Keyword.START: [
        "START", "Unstop", "resume", "SUBSCRIBE", "opt in", "Reprendre", "Réabonner", "ALTA",
        "Reanudar", "Riprendi", "Iscrivimi", "Anmelden", "Starten",
    ],
    Keyword.YES: [
        "YES", "yes!", "Y", "Ok", "ok merci", "Yes, please", "Confirm", "OUI", "Oui 👍", "d'accord",
        "D’accord", "Je confirme", "SÍ", "si", "Vale", "Confirmo", "Confermo", "Va bene", "JA",
        "Ja, gerne", "Jawohl!", "bestätigt", "YES " * 18, "Yes, I confirm.", "I’ll be there",
        "Oui, je confirme", "Oui je serai là", "C’est bon !", "Sí, confirmo", "Sì, va bene",
        "Ja, ich komme", "In Ordnung",
    ],
    Keyword.NO: [
        "NO", "No.", "n", "nope", "NON", "Non merci", "no thanks", "No, gracias", "Nein",
        "Nein danke", "I can't", "Je ne peux pas", "Non posso", "I can't make it",
        "Je ne viendrai pas", "No podré ir", "Non posso venire", "Ich kann leider nicht",
    ],
    Keyword.REPORT: [
        "REPORT", "Reporter", "Plus tard", "Décaler", "reschedule", "Postpone", "another time",
        "Aplazar", "Más tarde", "Rinvia", "Spostare", "più tardi", "Verschieben", "Später",
        "spaeter", "Another slot", "CHANGE", "Un autre créneau", "Cambiar la cita", "Otro día",
        "Un altro giorno", "Neuer Termin", "VERSCHIEBEN",
    ],
    Keyword.OTHER: [
        "", "   ", "🛑", "?!", "STOP 12345", "STOP 3603", "STOP 360345", "12345", "36034",
        "We have got to STOP this bill", "please stop by the shop", "stop by", "Don't stop",
        "non stop", "non-stop", "stopper l'envoi", "STOPPER l’envoi", "Nonstop", "stopped",
        "stoplight", "unstoppable", "The bus stop", "at the end", "The end", "week-end",
        "Can I cancel my order?", "Cancel my order please", "ma baja estatura", "basta che arrivi",
        "Ende gut, alles gut", "yes but later today", "no idea", "no, I said yes", "oui ou non",
        "yes no", "si no", "start at ten?", "Où est ma commande ?", "Merci", "thanks",
        "no problem", "No problem at all", "No worries, see you", "I can't confirm yet",
        "I can't wait!", "yes, but a bit later", "Not yes, not no", "can I change the time?",
        "Is it on Monday or later in the week?", "OK for Monday?", "oui mais demain",
        "Oui, si j'ai fini à temps", "Non, pas de problème", "pas de problème",
        "Je ne peux pas encore confirmer", "Je confirme demain", "Le report du dossier est arrivé",
        "si no llueve", "Sí, pero más tarde", "no hay problema", "no pasa nada", "Si puedo, voy",
        "no sé si puedo", "Non c'è problema", "Sì, ma più tardi", "se posso vengo", "ja, aber",
        "Ja, aber später", "Kein Problem", "Nein, kein Problem", "Ich kann nicht lange bleiben",
        "Wir kommen zu zweit", "1", "2.", "1 personne", "at 2 pm", "À 14h30 ?", "nous serons 3",
        "no stop", "arrêt de bus", "rapport", "reportage", "a" * 100_000, "stop " * 1000,
    ],
}  # fmt: skip
CASES = [(text, keyword) for keyword, texts in TABLE.items() for text in texts]


@pytest.mark.parametrize(
    ("text", "keyword"), CASES, ids=[f"{keyword}-{text[:20]!a}" for text, keyword in CASES]
)
def test_a_reply_is_read_as(text, keyword):
    assert read(text, CODE) is keyword


def test_the_table_is_long_enough():
    assert len(CASES) >= 150


@given(
    st.sampled_from([text for text in TABLE[Keyword.STOP] if " " not in text and text.isalpha()]),
    st.sampled_from(["", " ", "!", "...", " 🙏", "\n", "»", " \u00a0", "❤️"]),
    st.sampled_from(["", " ", "«", "¡", "🛑 ", "\t", "\u200e", "- "]),
    st.sampled_from([str.upper, str.lower, str.title]),
)
def test_what_stands_around_a_stop_word_does_not_matter(word, after, before, case):
    assert read(before + case(word) + after) is Keyword.STOP


OWN = own_words({"yes": ["Présent !", "pour sûr"], "stop": ["lâchez-moi", "pour sûr"]})


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("PRESENT", Keyword.YES),
        ("présent 👍", Keyword.YES),
        ("Lachez moi", Keyword.STOP),
        ("Pour sûr", Keyword.STOP),
        ("je serai présent demain", Keyword.OTHER),
        ("stop", Keyword.STOP),
        ("non", Keyword.NO),
    ],
)
def test_a_merchants_own_words_count_beside_everybodys_and_the_safer_meaning_holds(reply, meant):
    assert read(reply, None, OWN) is meant


@pytest.mark.parametrize(
    ("phrase", "means", "problem"),
    [
        ("STOP", "yes", "understood as STOP already"),
        ("2", "yes", "must have letters"),
        ("👍", "yes", "must be a word"),
        ("x" * 61, "no", "at most 60"),
        (7, "no", "must be a word"),
        ("oui", "yes", ""),
    ],
)
def test_a_wording_that_cannot_be_ones_own_says_why(phrase, means, problem):
    assert problem in unfit(phrase, means)
    assert bool(unfit(phrase, means)) == bool(problem)


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=12), max_size=4)), st.text())
def test_no_words_of_ones_own_take_away_what_everybody_means(document, text):
    theirs = read(text)
    if theirs is not Keyword.OTHER:
        assert read(text, None, own_words(document)) is theirs
