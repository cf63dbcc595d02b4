"""What cannot be read is answered in words that say what to do."""

import pytest

TITLE = "The program did not take this"


def test_an_address_that_is_not_the_programs_is_answered_in_words(client):
    answer = client.get("/login/", headers={"host": "elsewhere.example"})
    page = answer.content.decode()
    assert (answer.status_code, page.count(TITLE)) == (400, 1)
    assert "open the board at the address that you were given" in page


@pytest.mark.django_db
def test_a_form_that_is_too_large_is_answered_in_words(client, settings):
    sent = f"username={'r' * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}"
    answer = client.post("/login/", sent, "application/x-www-form-urlencoded")
    assert (answer.status_code, answer.content.decode().count(TITLE)) == (400, 1)
