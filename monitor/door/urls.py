"""Addresses of the door and of one's own account."""

from django.urls import path

from monitor.door import views
from monitor.door.views import at_hospital

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("login/code/", views.code, name="door-code"),
    path("login/hospital/", at_hospital.go, name="hospital"),
    path("login/hospital/back/", at_hospital.back, name="hospital-back"),
    path("account/hospital/link/", at_hospital.link, name="link-hospital"),
    path("account/hospital/unlink/", at_hospital.unlink, name="unlink-hospital"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/second-factor/", views.second_factor, name="second-factor"),
    path("account/second-factor/change/", views.change_factor, name="change-factor"),
    path("account/sessions/end/", views.end_others, name="end-others"),
    path("account/sessions/<int:pk>/end/", views.end_session, name="end-session"),
    path("account/stay/", views.stay, name="stay"),
]
