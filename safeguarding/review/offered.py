"""
A form as it is shown: every choice a list to pick from, narrowed to what the partnership's file and the review permit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import SPEAKS_FOR, choices, label
from safeguarding.review.forms import Form, From, PositionIfThere, WhereChosen
from safeguarding.review.review import Review


def offered(form: type[Form], review: Review | None, rulebook: Rulebook, *, inner: bool = False) -> type[BaseModel]:
    """
    The form as it is shown: every choice a list of labels to pick from, the same titles and descriptions.

    A form inside another (`inner`) shows no words of its own: the question it answers has said enough.
    """
    fields: dict[str, Any] = {}
    for name, info in form.model_fields.items():
        if _is_not_asked(info, rulebook):
            continue
        shown = _shown_type(info.annotation, info.metadata, review, rulebook)
        fields[name] = (shown, _shown_field(info))
    return create_model(form.__name__, __doc__="" if inner else form.__doc__, **fields)


def _is_not_asked(info: FieldInfo, rulebook: Rulebook) -> bool:
    """Whether a question has no place on the forms of this partnership: a pseudonym, where none is chosen."""
    return rulebook.partnership.pseudonyms.how != "chosen" and any(
        isinstance(one, WhereChosen) for one in info.metadata
    )


def _shown_field(info: FieldInfo) -> Any:
    settings: dict[str, Any] = {"title": info.title, "description": info.description}
    if not info.is_required():
        settings["default"] = info.get_default(call_default_factory=True)
    return Field(**settings)


def _shown_type(annotation: Any, metadata: list[Any], review: Review | None, rulebook: Rulebook) -> Any:
    source = next((mark.source for mark in metadata if isinstance(mark, From)), None)
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return _shown_type(inner, [*metadata, *marks], review, rulebook)
    if isinstance(annotation, type) and issubclass(annotation, PositionIfThere):
        return _position_shown(annotation, str(source), review, rulebook)
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return offered(annotation, review, rulebook, inner=True)
    if source is not None:
        labels = tuple(label(*choice) for choice in choices(source, review, rulebook))
        return _literal(labels, annotation)
    args = get_args(annotation)
    if get_origin(annotation) is tuple:
        return list[_shown_type(args[0], [], review, rulebook)]  # type: ignore[misc]
    if type(None) in args:
        inner = next(arg for arg in args if arg is not type(None))
        return _shown_type(inner, [], review, rulebook) | None
    return annotation


def _literal(labels: tuple[str, ...], annotation: Any) -> Any:
    if not labels:
        return annotation
    return Literal[labels]


def _position_shown(
    form: type[PositionIfThere], source: str, review: Review | None, rulebook: Rulebook
) -> type[BaseModel]:
    """The position of one partner: who spoke is one of those who may speak for it."""
    fields: dict[str, Any] = {}
    for name, info in form.model_fields.items():
        metadata = [From(source)] if name == "person" else info.metadata
        shown = _shown_type(str if name == "person" else info.annotation, metadata, review, rulebook)
        fields[name] = (shown if info.is_required() or name != "person" else shown | None, _shown_field(info))
    return create_model(f"Position_{source.removeprefix(SPEAKS_FOR)}", __doc__="", **fields)
