"""Addresses of the audit trail."""

from django.urls import path

from monitor.audit import views

urlpatterns = [
    path("participants/<str:code>/audit/", views.trail, name="audit"),
]
