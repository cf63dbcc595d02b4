"""How an amount is typed: `7.5` or `7,5`, and nothing that can be read two ways."""

from django.utils.translation import gettext as _

from monitor.clinical.items import units
from monitor.clinical.items.entry import THOUSANDS
from monitor.refusal import Refused


def read_amount(typed: str) -> float:
    """The number that was typed. Raises Refused for none, and for `1,000`."""
    text = typed.strip()
    if THOUSANDS.fullmatch(text):
        said = _("%(typed)s can be read two ways. Type it without the comma.")
        raise Refused(said % {"typed": text})
    try:
        return float(units.parse(text.replace(",", ".", 1)))
    except units.NotANumber as error:
        raise Refused(_("Type the amount in digits.")) from error
