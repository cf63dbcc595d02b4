"""What the address of the board asks for."""

from django import forms

from monitor.episodes.shapes import URGENCY, BoardFilters


class BoardForm(forms.Form):
    """Filters of the board. An address that cannot be read shows everyone."""

    site = forms.CharField(required=False, max_length=16)
    cohort = forms.CharField(required=False, max_length=40)
    level = forms.ChoiceField(
        required=False, choices=[(level, level) for level in URGENCY]
    )
    overdue = forms.BooleanField(required=False)
    mine = forms.BooleanField(required=False)
    unanswered = forms.BooleanField(required=False)

    def query(self) -> dict[str, str | bool]:
        """The filters that are set, by name."""
        self.full_clean()
        return {key: value for key, value in self.cleaned_data.items() if value}

    def filters(self) -> BoardFilters:
        return BoardFilters(**self.query())  # type: ignore[arg-type]
