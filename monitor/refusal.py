"""The one exception with which a verb says no to what a person asked."""

from typing import Any

#: The status of a page that says beside a field what is wrong.
REFUSED = 422


class Refused(ValueError):
    """A sentence that says what is wrong and what to do, and the field it is about.

    `field` is an item code or the name of an argument; "" when it is about the whole.
    A page shows the sentence beside that field and keeps what was typed.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def status_of(*forms: Any) -> int:
    """Of a page that a form was sent to and that is shown again, or is only shown."""
    return REFUSED if any(form.is_bound for form in forms) else 200
