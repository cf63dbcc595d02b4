"""Addresses of the entry pages."""

from django.urls import path

from monitor.bedside.views import cells, entering, hidden, mending, standing
from monitor.bedside.views.surgery import surgery

urlpatterns = [
    path("participants/<str:code>/observe/", entering.observe, name="observe"),
    path("participants/<str:code>/ranges/", standing.ranges, name="ranges"),
    path(
        "participants/<str:code>/sets/<int:first>/<int:second>/",
        mending.compare,
        name="compare-sets",
    ),
    path("participants/<str:code>/hidden/", hidden.hidden, name="hidden"),
    path(
        "participants/<str:code>/hidden/<int:pk>/strike/",
        hidden.strike,
        name="strike-hidden",
    ),
    path("participants/<str:code>/units/", standing.units, name="units"),
    path("participants/<str:code>/cells/", cells.cells, name="cells"),
    path("participants/<str:code>/facts/", standing.facts, name="facts"),
    path("participants/<str:code>/surgery/", surgery, name="surgery"),
    path(
        "participants/<str:code>/readings/<int:pk>/correct/",
        mending.correct,
        name="correct-reading",
    ),
    path(
        "participants/<str:code>/readings/<int:pk>/confirm/",
        mending.confirm,
        name="confirm-reading",
    ),
]
