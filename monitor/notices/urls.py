"""Addresses of the notices."""

from django.urls import path

from monitor.notices import views
from monitor.notices.views import burden, reaching, rota

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/snooze/", views.snooze, name="snooze"),
    path("notices/<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("notices/<int:pk>/useful/", burden.useful, name="useful"),
    path("account/reach/", reaching.mine, name="reach"),
    path("people/<int:pk>/reach/", reaching.theirs, name="person-reach"),
    path("burden/", burden.page, name="burden"),
    path("rota/", rota.everywhere, name="rota"),
    path("rota/<int:pk>/", rota.at_site, name="site-rota"),
    path("rota/shifts/<int:pk>/strike/", rota.strike, name="strike-shift"),
]
