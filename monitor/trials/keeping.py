"""Saving a row after asking it everything that it knows about itself."""

from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from monitor.refusal import Refused

Row = TypeVar("Row", bound=Model)


def kept(row: Row, *fields: str) -> Row:
    """The row, saved; of a row that exists, only `fields`.

    Raises Refused with the first thing that its fields or constraints object to.
    """
    try:
        row.clean_fields(exclude=empty_fields(row))
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        about = "" if field == NON_FIELD_ERRORS else field
        raise Refused(sentences[0], about) from error
    row.save(update_fields=fields or None)
    return row


def empty_fields(row: Model) -> set[str]:
    """Fields that may be null and are: a form's rules about blanks are not asked."""
    return {
        field.name
        for field in row._meta.concrete_fields
        if field.null and getattr(row, field.attname) is None
    }


def check_zone(name: str) -> None:
    """Raises Refused for a time zone that the world does not have."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        said = _("There is no time zone %(name)s. Write it as Europe/Stockholm.")
        raise Refused(said % {"name": name}, "time_zone") from error
