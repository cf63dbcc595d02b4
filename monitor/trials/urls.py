"""Addresses of the door, and of what is known about trials and program."""

from django.urls import path

from monitor.trials import views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("permissions/", views.permissions, name="permissions"),
    path("knowledge/", views.known, name="knowledge"),
    path("healthz", views.healthz, name="healthz"),
]
