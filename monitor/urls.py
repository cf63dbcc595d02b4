"""Every page, room by room, lowest first. Each room names its own addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("monitor.audit.urls")),
    path("", include("monitor.trials.urls")),
    path("", include("monitor.door.urls")),
    path("", include("monitor.bedside.urls")),
    path("", include("monitor.treatments.urls")),
    path("", include("monitor.episodes.urls")),
    path("", include("monitor.notices.urls")),
    path("", include("monitor.review.urls")),
]
