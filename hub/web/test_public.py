"""The page a merchant comes back to says what happened, in their language."""

import pytest


@pytest.mark.parametrize("language", ["en", "fr", "es", "it", "de"])
@pytest.mark.parametrize("success", ["0", "1"])
def test_the_merchant_reads_what_happened_in_their_language(flask_app, language, success):
    client = flask_app.test_client()
    page = client.get(
        f"/connected?success={success}&user_id=x", headers={"Accept-Language": language}
    )
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    other = client.get("/connected", headers={"Accept-Language": language})
    assert (other.text == page.text) is (success == "1")


def test_what_the_address_carries_is_never_shown(flask_app):
    page = flask_app.test_client().get("/connected?user_id=<script>alert(1)</script>")
    assert "script" not in page.text
