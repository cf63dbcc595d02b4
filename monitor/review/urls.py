"""Addresses of the queue, of an episode's review, and of the questions."""

from django.urls import path

from monitor.review import views
from monitor.review.views import (
    adverse,
    doses,
    dossiers,
    referring,
    signing,
    taking,
    trail,
)

urlpatterns = [
    path("participants/<str:code>/files/", taking.files, name="files"),
    path("queue/", views.queue, name="queue"),
    path("queue/sign/", signing.drafts, name="sign-drafts"),
    path("queue/decided/", referring.decided_otherwise, name="decided"),
    path("episodes/<int:pk>/refer/", referring.refer, name="refer"),
    path("episodes/<int:pk>/opinion/", signing.opinion, name="second-opinion"),
    path("episodes/<int:pk>/second/", signing.ask_opinion, name="ask-opinion"),
    path("episodes/<int:pk>/", views.episode, name="episode"),
    path("episodes/<int:pk>/dossier/", dossiers.dossier, name="dossier"),
    path("episodes/<int:pk>/narrative/", dossiers.write, name="narrative"),
    path("audit/reviews/", trail.trail_reviews, name="trail-reviews"),
    path("audit/reviews/<int:pk>/", trail.trail_review, name="trail-review"),
    path("adverse-events/", adverse.adverse_events, name="adverse-events"),
    path("adverse-events.csv", adverse.adverse_events_csv, name="adverse-events-csv"),
    path(
        "participants/<str:code>/adverse-events/",
        adverse.of_participant,
        name="participant-adverse-events",
    ),
    path("episodes/<int:pk>/report/", adverse.report, name="report-event"),
    path("questions/", views.questions, name="questions"),
    path("questions/<int:pk>/", views.question, name="question"),
    path("participants/<str:code>/ask/", views.ask, name="ask"),
    path("episodes/<int:pk>/over/", views.over, name="episode-over"),
    path("participants/<str:code>/dose/", doses.next_dose, name="next-dose"),
    path(
        "participants/<str:code>/dose/<int:pk>/check/",
        doses.dose_check,
        name="dose-check",
    ),
]
