"""Addresses of the pages about the trial."""

from django.urls import path

from monitor.trials import views

urlpatterns = [path("knowledge/", views.known, name="knowledge")]
