"""The set-up: a role is all that is needed, everything else can be skipped."""

from dataclasses import replace
from typing import TypeGuard

from bot.brief import (
    DESCRIPTION_LIMIT,
    NAME_LIMIT,
    QUESTION_COUNTS,
    Detail,
    Extra,
    Kind,
    Mode,
    Seniority,
    clean_line,
    clean_role,
    clean_skills,
    clean_text,
    seniority_of,
)
from bot.events import Control, Document, DocumentRead, DocumentSent, InterviewRequested, Move
from bot.interview import Finished, Idle, Interview, Phase, Preparing, Reason, SettingUp, Stopped
from bot.problems import Fault, Problem

ANY_ROLE = "General interview"


def request(interview: Interview, event: InterviewRequested) -> Interview | Reason:
    if not isinstance(interview.phase, (Idle, SettingUp, Finished, Stopped)):
        return Reason.ALREADY_RUNNING
    fresh = Interview(
        key=interview.key,
        rev=interview.rev,
        person=event.person,
        session=event.session,
        started_at=event.at,
        ticket=interview.ticket,
        phase=SettingUp(),
        copies=interview.copies,
    )
    briefed = fresh if event.brief is None else replace(fresh, brief=event.brief)
    setup = SettingUp(cv=event.cv, starts=event.brief is not None)
    if event.document is not None:
        return _read(briefed, setup, event.document)
    if event.cv is not None:
        return _read_cv(briefed, setup, event.cv)
    return briefed if event.brief is None else prepare(briefed)


def prepare(interview: Interview, stand_in: Problem | None = None) -> Interview:
    """Have the questions written, or taken from the built-in bank if there is a `stand_in`."""
    brief = interview.brief if interview.brief.role else replace(interview.brief, role=ANY_ROLE)
    ticket = interview.ticket + 1
    return replace(interview, ticket=ticket, brief=brief, phase=Preparing(ticket, stand_in))


def type_detail(interview: Interview, setup: SettingUp, text: str) -> Interview | Reason:
    filled = _fill(interview, setup, text)
    if isinstance(filled, Interview) and isinstance(filled.phase, SettingUp):
        return replace(filled, phase=replace(filled.phase, card=setup.card + 1))
    return filled


def press(interview: Interview, setup: SettingUp, control: Control) -> Interview | Reason:
    detail, _, value = control.argument.partition("=")
    match control.move:
        case _ if setup.reading is not None:
            return Reason.OLD_CONTROL
        case Move.START:
            return _start(interview, setup)
        case Move.CHOOSE if detail == setup.detail:
            return _fill(interview, setup, value)
        case Move.SKIP if detail == setup.detail:
            return _advance(interview, setup)
        case Move.BACK if detail == setup.detail:
            return _go_back(interview, setup)
        case _:
            return Reason.OLD_CONTROL


def read_document(
    interview: Interview, setup: SettingUp, event: DocumentSent
) -> Interview | Reason:
    """A file is the job description, unless the CV was asked for; one at a time."""
    if setup.reading is not None:
        return Reason.NOT_YET
    return _read(interview, replace(setup, card=setup.card + 1), event.document)


def take_document(interview: Interview, event: DocumentRead) -> Interview | Reason:
    setup = interview.phase
    if not reads(setup, event.ticket):
        return Reason.STALE
    filled = _fill(interview, replace(setup, reading=None, reading_ticket=0), event.text)
    if filled is Reason.EMPTY:
        return refuse_document(interview, setup, Fault.NO_TEXT)
    if isinstance(filled, Interview) and setup.starts:
        return _start(filled, setup)
    return filled


def refuse_document(interview: Interview, setup: SettingUp, fault: Fault) -> Interview:
    waiting = replace(setup, reading=None, reading_ticket=0, fault=fault, starts=False)
    return replace(interview, phase=waiting)


def reads(phase: Phase, ticket: int) -> TypeGuard[SettingUp]:
    """Whether the set-up waits for the document of `ticket`."""
    return (
        isinstance(phase, SettingUp)
        and phase.reading is not None
        and phase.reading_ticket == ticket
    )


def _start(interview: Interview, setup: SettingUp) -> Interview:
    """Begin, once the CV that came with the request is read."""
    if setup.cv is not None:
        return _read_cv(interview, replace(setup, starts=True), setup.cv)
    return prepare(interview)


def _read_cv(interview: Interview, setup: SettingUp, cv: Document) -> Interview:
    return _read(interview, replace(setup, detail=Detail.CV, cv=None), cv)


def _read(interview: Interview, setup: SettingUp, document: Document) -> Interview:
    ticket = interview.ticket + 1
    detail = Detail.CV if setup.detail is Detail.CV else Detail.DESCRIPTION
    reading = replace(setup, detail=detail, reading=document, reading_ticket=ticket, fault=None)
    return replace(interview, ticket=ticket, phase=reading)


def _fill(interview: Interview, setup: SettingUp, value: str) -> Interview | Reason:
    """Put `value` where the set-up asks for it, and ask for the next detail."""
    brief = interview.brief
    match setup.detail:
        case Detail.ROLE:
            role = clean_role(value)
            if role is None:
                return Reason.ROLE_UNCLEAR
            brief = replace(brief, role=role, seniority=seniority_of(role) or brief.seniority)
        case Detail.COMPANY:
            company = clean_line(value, NAME_LIMIT)
            if not company:
                return Reason.EMPTY
            brief = replace(brief, company=company)
        case Detail.SENIORITY:
            choice = value.strip().lower()
            if choice not in set(Seniority):
                return Reason.CHOICE_UNCLEAR
            brief = replace(brief, seniority=Seniority(choice))
        case Detail.KIND:
            choice = value.strip().lower()
            if choice not in set(Kind):
                return Reason.CHOICE_UNCLEAR
            brief = replace(brief, kind=Kind(choice))
        case Detail.COUNT:
            choice = value.strip()
            if choice not in {str(count) for count in QUESTION_COUNTS}:
                return Reason.CHOICE_UNCLEAR
            brief = replace(brief, count=int(choice))
        case Detail.MODE:
            choice = value.strip().lower()
            if choice not in set(Mode):
                return Reason.CHOICE_UNCLEAR
            brief = replace(brief, mode=Mode(choice))
        case Detail.EXTRAS:
            return _switch(interview, setup, value)
        case Detail.DESCRIPTION | Detail.CV:
            return _add_text(interview, setup, value)
        case Detail.SKILLS:
            skills = clean_skills(value)
            if not skills:
                return Reason.EMPTY
            brief = replace(brief, skills=skills)
    return _advance(replace(interview, brief=brief), setup)


def _switch(interview: Interview, setup: SettingUp, value: str) -> Interview | Reason:
    """On what is off, and off what is on; the person says when it is as it should be."""
    brief = interview.brief
    match value.strip().lower():
        case Extra.FOLLOW_UPS:
            brief = replace(brief, follow_ups=not brief.follow_ups)
        case Extra.RATE_FIRST:
            brief = replace(brief, rate_first=not brief.rate_first)
        case _:
            return Reason.CHOICE_UNCLEAR
    return replace(interview, brief=brief, phase=setup)


def _add_text(interview: Interview, setup: SettingUp, text: str) -> Interview | Reason:
    """Chat apps send a long text in pieces, so only the person knows when it is whole."""
    if not clean_text(text, DESCRIPTION_LIMIT):
        return Reason.EMPTY
    brief = interview.brief
    if setup.detail is Detail.CV:
        brief = replace(brief, cv=clean_text(f"{brief.cv}\n{text}", DESCRIPTION_LIMIT))
    else:
        description = clean_text(f"{brief.description}\n{text}", DESCRIPTION_LIMIT)
        brief = replace(brief, description=description)
    return replace(interview, brief=brief, phase=replace(setup, fault=None))


def _advance(interview: Interview, setup: SettingUp) -> Interview:
    details = list(Detail)
    following = details.index(setup.detail) + 1
    if following == len(details):
        return prepare(interview)
    moved = SettingUp(detail=details[following], card=setup.card, cv=setup.cv)
    if moved.detail is Detail.CV and moved.cv is not None:
        return _read_cv(interview, moved, moved.cv)
    return replace(interview, phase=moved)


def _go_back(interview: Interview, setup: SettingUp) -> Interview | Reason:
    details = list(Detail)
    place = details.index(setup.detail)
    if place == 0:
        return Reason.OLD_CONTROL
    moved = SettingUp(detail=details[place - 1], card=setup.card, cv=setup.cv)
    return replace(interview, phase=moved)
