"""Addresses of the notices."""

from django.urls import path

from monitor.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
]
