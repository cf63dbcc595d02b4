"""Whether the sweep runs."""

from django.db import models


class Heartbeat(models.Model):
    """When the sweep last ran: if it stops, the board says so.

    And how far it has read the times that others wrote, to find one that lies ahead:
    by primary key, 0 before the first.
    """

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    notice = models.PositiveBigIntegerField(default=0)
    attempt = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
