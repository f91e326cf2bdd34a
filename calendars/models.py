"""Days on which this council's offices are closed."""

from django.db import models

from calendars.words import long_date


class LocalClosure(models.Model):
    """A closure day of the council. It moves deadlines only where it counts as a holiday (DOMAIN 8.1)."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=80)
    counts_as_holiday = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.name}, {long_date(self.day)}"
