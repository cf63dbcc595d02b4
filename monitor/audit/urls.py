"""Addresses of the audit trail."""

from django.urls import path

from monitor.audit import views

urlpatterns = [
    path("participants/<str:code>/audit/", views.trail, name="audit"),
    path("participants/<str:code>/record/", views.record, name="record"),
    path("participants/<str:code>/record.json", views.record_file, name="record-file"),
]
