"""Addresses of the management log and the doses."""

from django.urls import path

from monitor.treatments import views
from monitor.treatments.views.doses import dose
from monitor.treatments.views.injections import injections

urlpatterns = [
    path("participants/<str:code>/treat/", views.treat, name="treat"),
    path(
        "participants/<str:code>/log/<int:pk>/correct/",
        views.correct,
        name="correct-treatment",
    ),
    path("participants/<str:code>/dose/<int:pk>/", dose, name="dose"),
    path("participants/<str:code>/dose/<int:pk>/sites/", injections, name="injections"),
]
