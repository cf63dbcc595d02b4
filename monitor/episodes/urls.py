"""Addresses of the board and of each participant."""

from django.urls import path

from monitor.episodes import views

urlpatterns = [
    path("", views.board, name="board"),
    path("handover/", views.handover, name="handover"),
    path("due/", views.due, name="due"),
    path("participants/<str:code>/arrange/", views.arrange, name="arrange"),
    path("participants/<str:code>/changed/", views.changed, name="changed"),
    path("participants/<str:code>/take/", views.take, name="take"),
    path(
        "participants/<str:code>/arrange/<int:pk>/end/",
        views.end_arrangement,
        name="end-arrangement",
    ),
    path("participants/<str:code>/", views.participant, name="participant"),
]
