import os

from django.core.wsgi import get_wsgi_application

from monitor.lacking import said_in_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

# With 3 gunicorn ends; after any other status it would start a worker again and again.
with said_in_words(status=3):
    application = get_wsgi_application()
