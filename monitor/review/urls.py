"""Addresses of the queue and of the review of an episode."""

from django.urls import path

from monitor.review import views

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("episodes/<int:pk>/", views.episode, name="episode"),
]
