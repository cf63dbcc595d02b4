"""What the address of an audit trail asks for."""

from django import forms


class AuditForm(forms.Form):
    """Filters: one kind of action, one person. "" is all."""

    action = forms.CharField(required=False, max_length=64)
    actor = forms.CharField(required=False, max_length=150)

    def query(self) -> dict[str, str]:
        """The filters that are set, by name."""
        self.full_clean()
        return {key: value for key, value in self.cleaned_data.items() if value}
