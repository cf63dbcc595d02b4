"""Addresses of the entry pages."""

from django.urls import path

from monitor.bedside import views

urlpatterns = [
    path("participants/<str:code>/observe/", views.observe, name="observe"),
    path("participants/<str:code>/ranges/", views.ranges, name="ranges"),
    path("participants/<str:code>/facts/", views.facts, name="facts"),
    path(
        "participants/<str:code>/readings/<int:pk>/correct/",
        views.correct,
        name="correct-reading",
    ),
    path(
        "participants/<str:code>/readings/<int:pk>/confirm/",
        views.confirm,
        name="confirm-reading",
    ),
]
