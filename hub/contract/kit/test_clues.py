"""A guess at the law that catches a mutant, from the mutant's words."""

from hub.contract.kit.clues import likeness


def test_words_about_signatures_point_to_the_laws_of_verify():
    hints = "the signature is not checked events verify"
    assert likeness("verify-signature", hints) > likeness("poll-all", hints)


def test_words_about_pages_point_to_the_laws_of_the_poll():
    assert likeness("poll-crash", "the cursor is saved too early") > 0


def test_words_that_say_nothing_point_nowhere():
    assert likeness("icon", "zzz") == 0
