"""Addresses of the board and of each participant."""

from django.urls import path

from monitor.episodes import views

urlpatterns = [
    path("", views.board, name="board"),
    path("handover/", views.handover, name="handover"),
    path("participants/<str:code>/", views.participant, name="participant"),
]
