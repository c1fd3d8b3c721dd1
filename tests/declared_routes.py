"""Every route of the application, and what everybody gets from it; tests/test_matrix.py holds the application to it."""

from __future__ import annotations

from typing import Final

from handlers.views import records
from tests.bad_inputs.cast import CAST, ROLES

SIGNED: Final = frozenset(ROLES) - {"anonymous", "visitor", "inactive"}
OPEN: Final = frozenset(ROLES) - {"inactive"}  # whose cookie opens something, or who has none
GONE: Final = 303  # somebody whose cookie opens nothing any more is led to the first page

# What everybody gets from a route. A route that is not here fails the tests. Files are held against TARGETS there.
# (method, path) → status for OPEN (of a form: with its token; without one it is 403), status for the inactive
DECLARED: Final[dict[tuple[str, str], tuple[int, int]]] = {
    ("GET", "/"): (200, GONE),
    ("GET", "/chat"): (200, GONE),
    ("GET", "/chat/poll"): (200, GONE),
    ("GET", "/chat/stream"): (200, GONE),
    ("POST", "/chat/say"): (200, 403),
    ("POST", "/chat/seen"): (204, 403),
    ("POST", "/chat/enter"): (303, 403),
    ("POST", "/chat/leave"): (303, 403),
    ("GET", "/healthz"): (200, 200),
    ("GET", "/deploy"): (200, 200),
    ("GET", "/help"): (200, 200),
    ("GET", "/static/{name}"): (200, 200),
    ("GET", "/files/{id}"): (404, GONE),
    ("GET", "/services"): (200, GONE),
    ("GET", "/services/{slug}"): (200, GONE),
    ("POST", "/services/{slug}/fill"): (422, 403),
    ("POST", "/services/{slug}/hand-in"): (303, 403),
    ("POST", "/services/{slug}/drop"): (303, 403),
    ("GET", "/g/{code}"): (404, GONE),
    ("POST", "/g/{code}/answer"): (404, 403),
    ("GET", "/me"): (200, GONE),
    ("GET", "/me/{number}"): (404, GONE),
    ("POST", "/me/{number}/{verb}"): (404, 403),
    ("GET", "/slip/{number}"): (404, GONE),
    ("GET", "/slip/{number}/pdf"): (404, GONE),
    ("GET", "/slip/{number}/{code}"): (404, 404),
    ("POST", "/language"): (303, 403),
    ("GET", "/enter"): (200, GONE),
    ("POST", "/enter/confirm"): (422, 403),
}
# The console: status for staff, of a form with its token. Whoever is not signed in to it is led to the sign-in (303), and
# gets 403 for a form; to whom a page is not, it is not there (404).
STAFFS: Final[dict[tuple[str, str], int]] = {
    ("GET", "/console"): 200,
    ("GET", "/console/stream"): 422,
    ("POST", "/console/filters"): 422,
    ("POST", "/console/filters/drop"): 422,
    ("POST", "/console/bulk"): 422,
    ("POST", "/console/bulk/undo"): 422,
    ("POST", "/console/bulk/give"): 200,
    ("POST", "/console/bulk/answer"): 200,
    ("POST", "/console/bulk/merge"): 200,
    ("POST", "/console/bulk/tag"): 200,
    ("GET", "/console/tags"): 200,
    ("POST", "/console/tags/change"): 422,
    ("GET", "/console/ticket/{number}"): 404,
    ("GET", "/console/ticket/{number}/files/{id}"): 404,
    ("POST", "/console/ticket/{number}/{verb}"): 404,
    ("GET", "/console/students"): 200,
    ("GET", "/console/students/{number}"): 404,
    ("POST", "/console/students/{number}/matters/{ticket}/{verb}"): 404,
    ("GET", "/console/students/{number}/open"): 404,
    ("GET", "/console/students/{number}/open/{slug}"): 404,
    ("POST", "/console/students/{number}/open/{slug}/fill"): 404,
    ("GET", "/console/approvals"): 200,
    ("POST", "/console/approvals/undo"): 404,
    ("POST", "/console/approvals/{number}/{verb}"): 404,
    ("POST", "/console/ticket/{number}/phrase"): 404,
    ("POST", "/console/ticket/{number}/whom"): 404,
    ("GET", "/console/live/{number}"): 404,
    ("POST", "/console/live/{number}/writing"): 404,
    ("GET", "/console/phrases"): 200,
    ("POST", "/console/phrases/keep"): 422,
    ("POST", "/console/phrases/drop"): 422,
    ("GET", "/console/figures"): 200,
    ("GET", "/console/figures.xlsx"): 200,
    ("GET", "/console/figures-people"): 200,
    ("GET", "/console/figures-people.xlsx"): 200,
    ("GET", "/console/figures/{name}"): 404,
    ("GET", "/console/guides"): 200,
    ("GET", "/console/rules"): 200,
    ("GET", "/console/on-leave"): 200,
    ("GET", "/console/on-leave.xlsx"): 200,
    ("GET", "/console/on-leave/back/{number}/{code}"): 404,
    ("POST", "/console/on-leave/back/{number}"): 404,
    ("POST", "/console/on-leave/back/{number}/undo"): 404,
    ("GET", "/console/proofs"): 404,  # but to whoever checks proofs
    ("GET", "/console/proofs/{number}/files/{id}"): 404,
    ("POST", "/console/proofs/{number}/{verb}"): 404,
    ("GET", "/console/duty"): 200,
    ("POST", "/console/duty/add"): 422,
    ("POST", "/console/duty/change"): 422,
    ("POST", "/console/duty/remove"): 422,
    ("POST", "/console/duty/copy"): 422,
    ("POST", "/console/duty/swap"): 422,
    ("POST", "/console/duty/answer"): 422,
    ("GET", "/console/grid"): 200,
    ("POST", "/console/grid/phone"): 422,
    ("GET", "/console/people"): 200,
    ("GET", "/console/people/{number}"): 404,
    ("POST", "/console/people/{number}/give"): 404,
    ("POST", "/console/people/{number}/end"): 404,
    ("POST", "/console/people/{number}/restore"): 404,
    ("POST", "/console/people/{number}/away"): 404,
    ("POST", "/console/people/{number}/back"): 404,
    ("POST", "/console/people/{number}/hand"): 404,
    ("POST", "/console/people/{number}/hand-back"): 404,
    ("GET", "/console/account"): 200,
    ("POST", "/console/second/forget"): 422,
    ("POST", "/console/sign-out-everywhere"): 303,
}
# The API: what a token for reading gets, of whichever member of staff. Without a token, and with anybody's cookie, it is 401
# while some token is in force, and 404 while none is; a form is refused for lack of scope (403).
TOKENS: Final[dict[tuple[str, str], int]] = {
    ("GET", "/api/v1/items"): 200,
    ("GET", "/api/v1/items/{slug}"): 200,
    ("GET", "/api/v1/health"): 200,
    ("GET", "/api/v1/openapi.json"): 200,
    ("GET", "/api/v1/tickets"): 200,
    ("GET", "/api/v1/tickets/{number}"): 404,
    ("POST", "/api/v1/tickets"): 403,
    **{("POST", f"/api/v1/tickets/{{number}}/{verb}"): 403 for verb in records.VERBS},
}
# What the console's guests, which is everybody, get.
GUESTS: Final[dict[tuple[str, str], int]] = {
    ("GET", "/console/sign-in"): 200,
    ("POST", "/console/sign-in/check"): 422,
    ("GET", "/console/enter"): 200,
    ("POST", "/console/enter/confirm"): 422,
    ("POST", "/console/demo"): 422,
    ("GET", "/console/second"): 200,
    ("POST", "/console/second/check"): 403,
    ("POST", "/console/second/begin"): 403,
    ("POST", "/console/second/enrol"): 403,
    ("GET", "/console/password"): 200,
    ("POST", "/console/password/set"): 403,
    ("POST", "/console/sign-out"): 303,
    ("POST", "/console/language"): 422,
}
STAFF: Final = frozenset(who for who in SIGNED if CAST[who][2])
FORMS: Final = {
    "/chat/say": {"text": "你好", "key": "k" * 20},
    "/chat/seen": {"seq": "1"},
    "/chat/enter": {"person": "officer"},
    "/chat/leave": {},
    "/services/{slug}/fill": {"key": "k" * 20, "do": "check"},
    "/services/{slug}/hand-in": {"key": "k" * 20, "seen": "0" * 16},
    "/services/{slug}/drop": {},
    "/me/{number}/{verb}": {"rev": "1"},
    "/language": {"lang": "zh"},
    "/g/{code}/answer": {"answer": "yes"},
    "/enter/confirm": {"code": "c" * 43, "to": "/me"},
}
