from django.db import migrations, models


def when_it_fired(apps, schema_editor):
    """Of rungs that are written down only the moment of firing is known; as a rule it came in the same minute."""
    apps.get_model("duties", "RungFired").objects.update(came_at=models.F("fired_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("duties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadersDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="The first day of the month", unique=True)),
                ("made_at", models.DateTimeField()),
                ("figures", models.JSONField()),
            ],
            options={
                "ordering": ["-month"],
            },
        ),
        migrations.AddConstraint(
            model_name="leadersdigest",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="digest_month_is_its_first_day"
            ),
        ),
        migrations.AddField(
            model_name="rungfired",
            name="came_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(when_it_fired, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="rungfired",
            name="came_at",
            field=models.DateTimeField(help_text="When it was to go off: before fired_at where the portal was down"),
        ),
        migrations.AddIndex(
            model_name="rungfired",
            index=models.Index(
                condition=models.Q(("tells_leaders", True)), fields=["came_at"], name="rung_tells_leaders"
            ),
        ),
    ]
