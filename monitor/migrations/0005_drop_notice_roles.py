from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("monitor", "0004_outbox_timers_log_rota"),
    ]

    operations = [
        migrations.RemoveField(model_name="notice", name="roles"),
    ]
