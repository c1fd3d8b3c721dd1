"""An item's form for machines: a pydantic model of its answers, and those answers as the inputs of the form's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, create_model

from handlers import sheet
from handlers.texts import text
from models.item import FormField, Item

_YEARS: Final = range(1900, 2200)  # as handlers.sheet_times takes them; others are refused there in words
MOST_PEOPLE: Final = 500
# An instant names its offset; a bare day is the whole day, the last one counted in.
Moment = Annotated[AwareDatetime | date, Field(union_mode="left_to_right")]


class Answers(BaseModel):
    """What every form shares: no field beside its own, no value that is only almost of its kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Stretch(Answers):
    """A from–to answer: instants with their offset, or whole days of which the last counts."""

    start: Moment
    end: Moment


@lru_cache(maxsize=2_048)
def _model(slug: str, fields: tuple[FormField, ...], sensitive: bool) -> type[Answers]:
    declared = {
        each.key: _declared(each) for each in fields if each.kind != "file" and (sensitive or not each.sensitive)
    }
    name = "".join(part.capitalize() for part in slug.split("-")) + "Answers"
    made: type[Answers] = create_model(name, __base__=Answers, **declared)  # type: ignore[call-overload]
    return made


def model_of(item: Item, *, sensitive: bool = False) -> type[Answers]:
    """The pydantic model of an item's answers. Files are sent elsewhere; sensitive fields only where they may be.

    A field that is asked under a condition is optional here: whether it has to be there the form itself says.
    """
    return _model(item.slug, item.fields, sensitive)


def schema_of(item: Item, *, sensitive: bool = False) -> dict[str, Any]:
    """The same as JSON Schema (2020-12), with every label in both languages."""
    return model_of(item, sensitive=sensitive).model_json_schema()


def is_fillable(item: Item, *, sensitive: bool = False) -> bool:
    """Whether the form can be handed in by these answers alone: no file and nothing sealed is asked for always."""
    model = model_of(item, sensitive=sensitive)
    return all(field.key in model.model_fields for field in item.fields if field.required and field.when is None)


def _declared(field: FormField) -> tuple[Any, Any]:
    """A field as create_model wants it: its kind, and whether it must be there."""
    extra: dict[str, Any] = {"x-label": {"zh": field.label("zh"), "en": field.label("en")}}
    if field.options:
        extra["x-options"] = {each.key: {"zh": each.label.zh, "en": each.label.to("en")} for each in field.options}
    about: dict[str, Any] = {"title": field.label("zh"), "description": field.ask.zh, "json_schema_extra": extra}
    if field.required and field.when is None:
        return _kind(field), Field(**about)
    return _kind(field) | None, Field(default=None, **about)


def _kind(field: FormField) -> Any:
    if field.kind == "choice":
        return Literal[tuple(option.key for option in field.options)]
    if field.kind == "number":
        return Annotated[float, Field(allow_inf_nan=False)]
    if field.kind == "people":
        number = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{3,32}$")]
        return Annotated[list[number], Field(min_length=1, max_length=min(field.most, MOST_PEOPLE))]
    plain: dict[str, Any] = {"span": Stretch, "date": date, "phone": Annotated[str, Field(max_length=40)]}
    return plain.get(field.kind) or Annotated[str, Field(min_length=field.least, max_length=field.most)]


def inputs(item: Item, answers: Answers, zone: ZoneInfo) -> dict[str, str]:
    """Answers as the inputs of the form's page, which checks them as it checks a person's (handlers.sheet.read)."""
    given: dict[str, str] = {}
    for field in item.fields:
        value = getattr(answers, field.key, None)
        if value is None:
            continue
        name = sheet.name_of(field)
        if isinstance(value, Stretch):
            given |= _side(f"{name}-from", value.start, zone) | _side(f"{name}-to", value.end, zone)
        elif isinstance(value, list):
            given[name] = " ".join(value)
        elif isinstance(value, float):
            given[name] = f"{value:f}".rstrip("0").rstrip(".")
        else:
            given[name] = value.isoformat() if isinstance(value, date) else str(value)
    return given


def _side(name: str, at: date, zone: ZoneInfo) -> dict[str, str]:
    if not isinstance(at, datetime):
        return {name: at.isoformat()}
    local = at.astimezone(zone) if at.year in _YEARS else at
    return {name: local.date().isoformat(), f"{name}_at": f"{local:%H:%M:%S}"}


def shown(field: FormField, value: Any, zone: ZoneInfo) -> Any:
    """A stored answer in the form in which it would be sent; None for files, which do not travel here."""
    if field.kind == "file" or value is None:
        return None
    if field.kind != "span":
        return value
    return _shown_span(value, zone)


def _shown_span(value: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    start, end = (datetime.fromisoformat(value[side]).astimezone(zone) for side in ("start", "end"))
    timed = value.get("timed", (True, True))
    last = date.fromordinal(end.date().toordinal() - 1)  # a day without a clock ends at the midnight after it
    return {
        "start": start.isoformat() if timed[0] else start.date().isoformat(),
        "end": end.isoformat() if timed[1] else last.isoformat(),
    }


_MISFITS: Final = {
    "missing": "missing", "extra_forbidden": "extra", "string_type": "string", "string_too_short": "short",
    "string_too_long": "long", "string_pattern_mismatch": "pattern", "literal_error": "literal", "int_type": "number",
    "float_type": "number", "int_parsing": "number", "bool_parsing": "yes_no", "bool_type": "yes_no",
    "list_type": "list", "dict_type": "object", "model_type": "object", "date_type": "day", "date_parsing": "day",
    "date_from_datetime_parsing": "day", "datetime_type": "instant", "datetime_parsing": "instant",
    "datetime_from_date_parsing": "instant", "timezone_aware": "instant", "greater_than_equal": "least",
    "less_than_equal": "most",
}  # fmt: skip


def misfits(error: ValidationError, lang: str) -> list[tuple[tuple[int | str, ...], str]]:
    """Everything that does not fit a model: where, and what in a language; what has no sentence of ours in pydantic's own."""
    found = []
    for each in error.errors(include_url=False, include_input=False):
        key, values = _MISFITS.get(each["type"]), dict(each.get("ctx") or {})
        limit = next(
            (
                values[name]
                for name in ("min_length", "max_length", "ge", "le", "expected", "pattern")
                if name in values
            ),
            "",
        )
        said = each["msg"] if key is None else text(lang, f"misfit.{key}", limit=str(limit))
        found.append((each["loc"], said))
    return found
