"""Addresses of the management log and the doses."""

from django.urls import path

from monitor.treatments import views

urlpatterns = [
    path("participants/<str:code>/treat/", views.treat, name="treat"),
    path(
        "participants/<str:code>/log/<int:pk>/correct/",
        views.correct,
        name="correct-treatment",
    ),
    path("participants/<str:code>/dose/<int:pk>/", views.dose, name="dose"),
]
