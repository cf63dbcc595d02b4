"""Addresses of what is known about trials, people and program."""

from django.urls import path

from monitor.trials.views import identities, pages, people, unblinding

urlpatterns = [
    path("permissions/", pages.permissions, name="permissions"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/grant/", people.grant, name="grant-role"),
    path("people/<int:pk>/lock/", people.lock, name="lock-person"),
    path("people/<int:pk>/password/", people.give_password, name="give-password"),
    path("people/<int:pk>/let-try/", people.lift, name="lift-lock-out"),
    path("people/<int:pk>/factor/", people.take_factor, name="take-factor"),
    path("people/roles/<int:pk>/end/", people.end, name="end-role"),
    path("knowledge/", pages.known, name="knowledge"),
    path("knowledge/ctcae/", pages.ctcae, name="ctcae-limits"),
    path("participants/<str:code>/unblind/", unblinding.unblind, name="unblind"),
    path(
        "participants/<str:code>/unblind/impact/",
        unblinding.assess,
        name="unblinding-impact",
    ),
    path("participants/<str:code>/identity/", identities.identity, name="identity"),
    path("healthz", pages.healthz, name="healthz"),
]
