"""The clinic's page over HTTP: what waits, its file, which is written down, and the answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from handlers.catalogue import OWN
from models.meta import Audit
from models.person import Person
from models.proof import Proof
from tests.bad_inputs.cast import AREAS
from tests.bad_inputs.place import Place
from tests.bot.pages.student_desk import fill, hand_in, key, leave, number_in, picture, upload
from tests.builders import START, add_duty


def test_it_opens_and_answers_and_writes_it_down(sqlite_url: str, tmp_path: Path) -> None:
    words = (OWN / "leave.toml").read_text(encoding="utf-8")
    (tmp_path / "items").mkdir()
    rules = '[leave.kinds.sick]\nchecks_proof = ["clinic"]\n'
    (tmp_path / "items" / "leave.toml").write_text(words.replace("[leave.kinds.sick]\n", rules), encoding="utf-8")
    place = Place(sqlite_url, tmp_path, {"services": {"folders": (tmp_path / "items",)}})
    try:
        assert place.call("GET", "/console/proofs", "psych").status == 404
        place.database.run(
            lambda session: add_duty(session, session.get_one(Person, "psych"), AREAS[0][2], "clinic", from_at=START)
        )
        mark, first = key(), place.now.astimezone(place.school.zone).date() + timedelta(days=3)
        long = leave(place, span__from=f"{first}", span__to=f"{first + timedelta(days=4)}")
        fill(place, "owner", "leave", mark, **long)
        ticket = place.ticket(number_in(hand_in(place, "owner", "leave", mark)))
        assert upload(place, f"/me/{ticket.number}/add", "owner", {"rev": str(ticket.rev), "words": "病历"},
                      [("files", "病历.png", picture())]).status == 303  # fmt: skip
        page = place.call("GET", "/console/proofs", "psych")
        assert (page.status, ticket.number in page.text, "病历.png" in page.text) == (200, True, True)
        href = page.text.split('href="/console/proofs/')[1].split('"')[0]
        assert place.call("GET", f"/console/proofs/{href}", "officer").status == 404
        assert place.call("GET", f"/console/proofs/{href}", "psych").status == 200
        opened = place.database.read(lambda session: session.execute(select(Audit.verb, Audit.thing)).all())
        assert ("opened_file", f"{ticket.number}:{href.rpartition('/')[2]}") in [tuple(row) for row in opened]
        assert place.post(f"/console/proofs/{ticket.number}/vouch", "counselor").status == 404
        assert place.post(f"/console/proofs/{ticket.number}/vouch", "psych").headers["location"].endswith("done=vouch")
        assert place.database.read(lambda session: session.execute(select(Proof.status)).scalar()) == "checked"
        assert "现在没有要核验的材料" in place.call("GET", "/console/proofs?done=vouch", "psych").text
    finally:
        place.close()
