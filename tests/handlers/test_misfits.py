"""What does not fit in what another system sent, told in the caller's language."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers.form_schema import misfits
from handlers.texts import text


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: str = Field(min_length=2)
    limit: int = Field(default=1, le=100)


@pytest.mark.parametrize(("lang", "said"), [("zh", "缺少这一项。"), ("en", "This is missing.")])
def test_it_tells_every_misfit_in_one_language(lang: str, said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Sent.model_validate_json('{"limit": 500, "wordz": "a"}')
    told = dict(misfits(raised.value, lang))
    assert told[("words",)] == said
    assert told[("limit",)] == text(lang, "misfit.most", limit="100")
    assert told[("wordz",)] == text(lang, "misfit.extra")


def test_it_names_no_word_of_the_chats_to_a_machine() -> None:
    assert "「" not in text("zh", "api.not_found")
