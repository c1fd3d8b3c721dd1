"""What django-helpdesk's list of tickets costs: `python desk_peer.py FOLDER COUNT ROUNDS`, in an environment that holds it.

It imports nothing of ours. Prints JSON: CPU seconds of the page and of the fifty rows that its table fetches, and their
bytes compressed.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from statistics import median
from typing import Any

APPS = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize")


def set_up(folder: str) -> None:
    """Settings as its documentation asks for, over a SQLite file, without debugging."""
    import django  # type: ignore[import-not-found]
    from django.conf import settings  # type: ignore[import-not-found]

    middleware = ("sessions.middleware.SessionMiddleware", "auth.middleware.AuthenticationMiddleware",
                  "messages.middleware.MessageMiddleware")  # fmt: skip
    processors = ("debug", "request")
    settings.configure(
        DEBUG=False, SECRET_KEY="bench", ALLOWED_HOSTS=["*"], SITE_ID=1, ROOT_URLCONF=__name__, USE_TZ=True,
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "rest_framework", "helpdesk"],
        MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", *(f"django.contrib.{name}" for name in middleware)],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                *(f"django.template.context_processors.{name}" for name in processors),
                "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages",
            ]},
        }],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/helpdesk.db"}},
        STATIC_URL="/static/", DEFAULT_AUTO_FIELD="django.db.models.AutoField", HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_KB_ENABLED=True, LOGIN_REDIRECT_URL="/", LOGIN_URL="/login/",
    )  # fmt: skip
    django.setup()


def urlpatterns_of() -> list[Any]:
    """Its own addresses at the root."""
    from django.urls import include, path  # type: ignore[import-not-found]

    return [path("", include("helpdesk.urls", namespace="helpdesk"))]


def fill(count: int) -> Any:
    """So many tickets of one queue, a seventh of them assigned to the one member of staff who looks."""
    from django.contrib.auth import get_user_model  # type: ignore[import-not-found]
    from django.core.management import call_command  # type: ignore[import-not-found]
    from django.utils import timezone  # type: ignore[import-not-found]
    from helpdesk.models import Queue, Ticket  # type: ignore[import-not-found]

    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("head", "head@example.org", "x")
    queue = Queue.objects.create(title="leave", slug="leave")
    now = timezone.now()
    Ticket.objects.bulk_create(
        [
            Ticket(title=f"请假 QJ-2606-{number:05}", queue=queue, created=now, modified=now, status=1, priority=3,
                   submitter_email=f"s{number % 5000}@example.org", description="我想从明天下午到后天晚上请假回家看病",
                   assigned_to=None if number % 7 else user) for number in range(count)
        ],
        batch_size=2000,
    )  # fmt: skip
    return user


def measure(folder: str, count: int, rounds: int) -> dict[str, tuple[float, int]]:
    """The page of its list, and the request by which its table gets fifty rows: CPU seconds and bytes compressed."""
    set_up(folder)
    globals()["urlpatterns"] = urlpatterns_of()
    user = fill(count)
    from django.test import Client  # type: ignore[import-not-found]

    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(user)
    page = client.get("/tickets/")
    words = gzip.decompress(page.content) if page.headers.get("content-encoding") == "gzip" else page.content
    table = re.search(rb"datatables_ticket_list/([A-Za-z0-9+/=]+)", words)
    query = table[1].decode() if table else ""
    rows = (
        f"/datatables_ticket_list/{query}?draw=1&start=0&length=50&order[0][column]=0&order[0][dir]=desc&search[value]="
    )
    found = {}
    for name, address in (("page", "/tickets/"), ("rows", rows)):
        spent = []
        for _ in range(rounds + 3):
            began = time.process_time()
            answer = client.get(address)
            body = answer.content
            spent.append(time.process_time() - began)
            if answer.status_code != 200:
                message = f"{address} answered {answer.status_code}"
                raise AssertionError(message)
        found[name] = median(spent[3:]), len(body)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))) + "\n")
