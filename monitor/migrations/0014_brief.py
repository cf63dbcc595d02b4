"""What the board reads of each cycle's last answer, cut from what is stored of it."""

from django.db import migrations, models

from monitor.episodes.brief import brief_of


def cut(apps, schema_editor):
    states = apps.get_model("monitor", "CycleState").objects.using(
        schema_editor.connection.alias
    )
    for state in states.iterator():
        state.brief = brief_of(state.summary)
        state.save(update_fields=["brief"])


class Migration(migrations.Migration):
    dependencies = [
        ("monitor", "0013_graded_under"),
    ]

    operations = [
        migrations.AddField(
            model_name="cyclestate",
            name="brief",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="cyclestate",
            name="hold",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(cut, migrations.RunPython.noop),
    ]
