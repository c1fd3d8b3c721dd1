"""The matrix of routes: every route × everybody × one's own, another's and nobody's id, against what is declared here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import delete, update
from starlette.routing import Route

from bot.access import RULES
from handlers import files as rows
from models import migrate
from models.base import new_id
from models.message import Upload
from models.outbox import Attachment
from models.token import Token
from tests.bad_inputs.cast import ROLES
from tests.bad_inputs.place import Place
from tests.bot.api.systems import token_of
from tests.declared_routes import DECLARED, FORMS, GONE, GUESTS, OPEN, SIGNED, STAFF, STAFFS, TOKENS

NOBODY: Final = "0" * 22
URLENCODED: Final = {"content-type": "application/x-www-form-urlencoded"}
# Who may open a file: of a leave in computing, of a repair, of a crisis, of a leave in another college, of no ticket. What a
# leave was given with is sealed, as its reason is: it is for who asked and who answers, not for whoever leads them.
TARGETS: Final = {
    "leave": {"owner", "counselor"},
    "repair": {"owner", "officer", "head"},
    "crisis": {"owner", "psych"},
    "other_leave": {"stranger", "other_counselor"},
    "loose": {"owner"},
    "visitors": {"visitor"},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("matrix")
    if request.param == "sqlite":
        url, name = f"sqlite:///{folder}/yizhan.db", ""
    else:
        cluster = request.getfixturevalue("postgresql")
        name = cluster.create()
        url = cluster.url(name)
    migrate.upgrade(url)
    place = Place(url, folder)
    yield place
    place.close()
    if name:
        cluster.drop(name)


@pytest.fixture(scope="module")
def files(place: Place) -> dict[str, str]:
    """One file of each kind of target, by its id."""
    place.hear("owner", "我要报修，空调坏了")
    for words in ("空调", "梅园3栋402", "不制冷", "跳过"):
        answer = place.hear("owner", words)
    submit = next(c.send for reply in answer.replies for c in reply.choices if ":submit:" in c.send)
    place.hear("owner", press=submit)
    tickets: dict[str, Any] = {
        "leave": place.leave_of("owner"),
        "other_leave": place.leave_of("stranger"),
        "repair": place.newest("dorm-repair"),
    }
    place.hear("owner", "我不想活了")
    tickets |= {"crisis": place.newest("crisis"), "loose": None, "visitors": None}
    owners = {"other_leave": "stranger", "visitors": "visitor"}
    return {kind: keep(place, owners.get(kind, "owner"), ticket) for kind, ticket in tickets.items()}


def keep(place: Place, who: str, ticket: Any) -> str:
    upload = Upload(id=new_id(place.now), name="照片.png", kind="image/png", size=3)
    account_id = place.forget_accounts(who)

    def unit(session: Any) -> None:
        rows.record_file(session, upload, "d", account_id, 99, place.now)
        session.flush()
        if ticket is not None:
            session.execute(update(Attachment).where(Attachment.id == upload.id).values(ticket_id=ticket.id))

    place.database.run(unit)
    path = place.folder / "files" / upload.id[-2:] / upload.id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"png")
    return upload.id


def routes(place: Place) -> list[tuple[str, str]]:
    """Every method and path that the application answers, read from the application itself."""
    found = []
    for route in place.app.routes:
        assert isinstance(route, Route), f"{route} is no plain route: declare how it is guarded"
        found += [(method, route.path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return found


def address(path: str) -> str:
    for name, value in {
        "name": "app.css",
        "id": NOBODY,
        "slug": "leave",
        "number": "QJ-0001-0001",
        "verb": "back",
        "code": "c" * 32,
    }.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def test_it_has_a_declared_expectation_for_every_route_az_01(place: Place) -> None:
    assert set(routes(place)) == {*DECLARED, *STAFFS, *GUESTS, *TOKENS}, (
        "declare in tests/declared_routes.py who may use a new route"
    )
    assert set(routes(place)) <= set(RULES)


@pytest.mark.parametrize("who", ROLES)
def test_it_answers_everybody_as_declared_az_01(place: Place, who: str) -> None:
    for (method, path), (open_, inactive) in DECLARED.items():
        expected = open_ if who in OPEN else inactive
        if path == "/chat/stream" and who == "anonymous":
            expected = 204  # No account, nothing to listen to.
        if method == "POST":
            answer = without_token(place, who, path)
            assert answer.status == 403, (path, "without a token")
            if path in ("/chat/enter", "/chat/leave") or not place.cookies[who]:
                continue  # These change the cookies of the cast; their own tests follow.
            answer = place.post(address(path), who, {"accept": "application/json"}, **FORMS[path])
        else:
            answer = place.call(method, address(path), who)
        assert answer.status == expected, (method, path)


@pytest.mark.parametrize("who", ROLES)
def test_it_shows_the_console_to_staff_only_az_01(place: Place, who: str) -> None:
    for (method, path), status in STAFFS.items():
        if method == "GET":
            answer = place.call("GET", address(path), who)
            assert answer.status == (status if who in STAFF else 303), path
            if who not in STAFF:
                assert answer.headers["location"].startswith("/console/sign-in?to=/console"), path
            continue
        assert place.call("POST", address(path), who, URLENCODED).status == 403, (path, "without a token")
        if who not in STAFF:
            assert place.post(address(path), who).status == 403, path


@pytest.mark.parametrize("who", ROLES)
def test_it_takes_no_form_of_the_consoles_guests_without_a_token_az_01(place: Place, who: str) -> None:
    for (method, path), status in GUESTS.items():
        if method == "GET":
            # The sign-in leads those who are in onwards, and steps of it lead those back who have not begun.
            moved = (path == "/console/sign-in") == (who in STAFF) and path != "/console/enter"
            assert place.call("GET", address(path), who).status == (303 if moved else status), path
        else:
            assert place.call("POST", path, who, URLENCODED).status == 403, path


@pytest.mark.parametrize("who", ROLES)
def test_it_opens_the_api_by_a_token_and_by_no_cookie_az_01(place: Place, who: str) -> None:
    """The API looks at the token alone: the same request with somebody's cookies beside it is answered the same."""
    for method, path in TOKENS:
        assert place.call(method, address(path), who, body=b"{}" if method == "POST" else b"").status == 404, path
    token = token_of(place, "counselor", "read", "matrix")
    try:
        for (method, path), status in TOKENS.items():
            body = b"{}" if method == "POST" else b""
            assert place.call(method, address(path), who, body=body).status == 401, path
            answer = place.call(method, address(path), who, {"authorization": f"Bearer {token}"}, body)
            assert answer.status == status, path
            assert "set-cookie" not in answer.headers
    finally:
        place.database.run(lambda session: session.execute(delete(Token)))


def without_token(place: Place, who: str, path: str) -> Any:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return place.call(
        "POST",
        address(path),
        who,
        kind,
        b"&".join(f"{k}={v}".encode("ascii", "ignore") for k, v in FORMS[path].items()),
    )


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("kind", TARGETS)
def test_it_hands_files_to_those_who_may_see_them_az_01_fl_07(
    place: Place, files: dict[str, str], who: str, kind: str
) -> None:
    answer = place.call("GET", f"/files/{files[kind]}", who)
    nobodys = place.call("GET", f"/files/{NOBODY}", who)
    if who in TARGETS[kind]:
        assert (answer.status, answer.body) == (200, b"png")
        assert answer.headers["content-disposition"].startswith("attachment")
        return
    assert answer.status == (GONE if who == "inactive" else 404)
    assert sounds(answer) == sounds(nobodys)


def sounds(answer: Any) -> Any:
    """An answer but for its incident number and its fresh cookie."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("set-cookie", "date")}
    return answer.status, headers, re.sub(rb"<b>[0-9a-f]{8}</b>", b"", answer.body)


@pytest.mark.parametrize(
    "path", ["/files/%00", "/files/\0", "/files/..", "/files/" + "a" * 5000, "/files/０", "/files/1'--", "/files/x/y"]
)
def test_it_answers_odd_ids_as_it_answers_unknown_ones_az_01(place: Place, path: str) -> None:
    for who in ("anonymous", "owner", "head"):
        assert sounds(place.call("GET", path, who)) == sounds(place.call("GET", f"/files/{NOBODY}", who))


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_it_answers_other_methods_with_405_az_04(place: Place, method: str) -> None:
    for _, path in DECLARED:
        for who in ("anonymous", "owner", "head"):
            answer = place.call(method, address(path), who)
            assert answer.status == 405, path
            assert "allow" in answer.headers


def test_it_never_changes_anything_on_a_get_or_a_head_az_04_wb_01(place: Place) -> None:
    before = place.footprint()
    for method, path in DECLARED:
        if method == "POST":
            for asked in ("GET", "HEAD"):
                assert place.call(asked, path + "?text=x&key=kkkkkkkk", "owner").status == 405, path
        else:
            assert place.call("HEAD", address(path), "owner").status == place.call("GET", address(path), "owner").status
            assert place.call("POST", address(path), "owner").status == 405, path
    assert place.footprint() == before


@pytest.mark.parametrize("name", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_it_takes_no_other_method_from_a_header_az_04(place: Place, name: str) -> None:
    for wanted in ("POST", "DELETE", "PUT", "GET"):
        assert place.call("GET", "/chat/leave", "owner", {name: wanted}).status == 405
        assert place.call("DELETE", "/chat", "owner", {name: wanted}).status == 405
    assert "李雷" in place.call("GET", "/chat", "owner").text


@pytest.mark.parametrize(
    "name", ["x-on-behalf-of", "x-user-id", "x-forwarded-user", "remote-user", "x-remote-user", "from", "authorization"]
)
def test_it_takes_nobodys_word_for_who_he_is_az_06(place: Place, files: dict[str, str], name: str) -> None:
    for value in ("owner", "head", "N0000", "Basic b3duZXI6eA=="):
        assert place.call("GET", f"/files/{files['leave']}", "classmate", {name: value}).status == 404
        assert "李雷" not in place.call("GET", "/chat", "anonymous", {name: value}).text


@pytest.mark.parametrize("who", sorted(SIGNED))
def test_it_shows_everybody_their_own_conversation_only_az_01(place: Place, who: str) -> None:
    """The chat's reading side takes no id: whatever is asked for, it is one's own stream."""
    if who != "owner":  # He is in distress, and what he says goes to whoever answers for him.
        place.hear(who, f"暗号 {who} 在这里")
    others = SIGNED - {who, "owner"}
    for path in ("/chat", "/chat/poll?after=0", "/chat/poll?after=1&account=owner", "/chat/stream?account_id=owner"):
        shown = place.call("GET", path, who).text
        assert not any(f"暗号 {other} 在这里" in shown for other in others), path


def test_it_opens_nothing_with_the_cookie_of_somebody_who_left_az_01(place: Place) -> None:
    place.activate("classmate", active=False)
    try:
        assert place.call("GET", "/chat", "classmate").status == GONE
        assert place.say("classmate", "还在吗").status == 403
    finally:
        place.activate("classmate", active=True)
    assert place.call("GET", "/chat", "classmate").status == 200


@pytest.mark.parametrize("who", ["anonymous", "visitor", "owner"])
def test_it_lets_nobody_become_somebody_unknown_or_gone_az_01(place: Place, who: str) -> None:
    if not place.cookies[who]:
        assert without_token(place, who, "/chat/enter").status == 403
        return
    for person in ("inactive", "nobody", "0", "a" * 23, "../owner", "owner'--", ""):
        assert place.post("/chat/enter", who, person=person).status == 422
