"""The bar of what is new: said as it is committed, only to those whom it concerns, and no longer than one is signed in."""

from __future__ import annotations

import json

import httpx2

from models.base import new_id
from tests.bad_inputs.place import Place


def test_it_says_what_is_new_to_whom_it_concerns(place: Place) -> None:
    place.leave_of("owner")
    made = new_id(place.web.now())
    with place.served() as port:

        def stream(who: str):  # type: ignore[no-untyped-def]
            return httpx2.stream(
                "GET", f"http://127.0.0.1:{port}/console/stream?made={made}", timeout=20,
                headers={"cookie": f"yizhan-console={place.seats[who]}"},
            )  # fmt: skip

        with stream("counselor") as mine, stream("other_counselor") as others:
            assert mine.headers["content-type"].startswith("text/event-stream")
            assert mine.headers["cache-control"] == "no-store"
            heard, unheard = mine.iter_lines(), others.iter_lines()
            assert next(heard).startswith("retry:")
            assert next(unheard).startswith("retry:")
            place.leave_of("stranger")
            said = next(json.loads(line[6:]) for line in unheard if line.startswith("data:"))
            assert said == {"count": 1, "said": "有 1 件新的，点这里看"}
            place.leave_of("owner")
            said = next(json.loads(line[6:]) for line in heard if line.startswith("data:"))
            assert said["count"] == 1
        assert httpx2.get(f"http://127.0.0.1:{port}/console/stream?made={made}").status_code == 303
