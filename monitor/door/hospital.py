"""Signing in at the hospital (OpenID Connect), by mozilla-django-oidc, an extra.

The library speaks to the provider; here stands what it leaves open: that the token is
from our provider and for us, and that it opens a linked account and makes none.
"""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

ISSUER = "OIDC_ISSUER"


def is_offered() -> bool:
    """Whether a hospital is set, and the extra is there."""
    return bool(getattr(settings, ISSUER, "")) and bool(
        find_spec("mozilla_django_oidc")
    )


def leave_for(request: HttpRequest) -> Any:
    """The answer that sends the browser to the hospital."""
    from mozilla_django_oidc.views import (
        OIDCAuthenticationRequestView,
    )

    return OIDCAuthenticationRequestView.as_view()(request)


def subject_of(request: HttpRequest) -> str:
    """Whom the hospital says has come back; "" for nobody.

    Each state is taken once. Raises SuspiciousOperation, or what the network raises.
    """
    states = request.session.get("oidc_states", {})
    told = states.pop(request.GET.get("state", ""), None)
    request.session["oidc_states"] = states
    if told is None or not request.GET.get("code"):
        return ""
    subject = client().authenticate(
        request, nonce=told["nonce"], code_verifier=told["code_verifier"]
    )
    return str(subject or "")


def client() -> Any:
    import jwt
    from mozilla_django_oidc.auth import (
        OIDCAuthenticationBackend,
    )

    class Client(OIDCAuthenticationBackend):
        """Answers with the provider's subject, where the library would with a user."""

        def verify_token(self, token: str, **kwargs: Any) -> Any:
            try:
                payload = super().verify_token(token, **kwargs)
            except jwt.PyJWTError as fault:  # Out of time, or no token at all.
                raise SuspiciousOperation("This is no token.") from fault
            return check_token(payload, self.OIDC_RP_CLIENT_ID)

        def get_or_create_user(self, access: str, token: str, payload: Any) -> Any:
            return payload["sub"]

    return Client()


def check_token(payload: dict[str, Any], client_id: str) -> dict[str, Any]:
    """The library checks signature, times and nonce; this, from whom and for whom."""
    audience = payload.get("aud")
    for_us = client_id in (audience if isinstance(audience, list) else [audience])
    if isinstance(audience, list) and len(audience) > 1:
        for_us = for_us and payload.get("azp") == client_id
    timed = "exp" in payload and "iat" in payload
    if payload.get("iss") != getattr(settings, ISSUER) or not for_us or not timed:
        raise SuspiciousOperation("The token is not from our provider, or not for us.")
    if not payload.get("sub"):
        raise SuspiciousOperation("The token names nobody.")
    return payload
