"""What every Coach does; and for those who ask Gemini, what its refusals and failures come to."""

import asyncio
import importlib.util
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.gemini.ask import Ask
from adapters.gemini.coach import GeminiCoach
from adapters.gemini.google_genai import GoogleGenai
from adapters.gemini.google_generativeai import GoogleGenerativeai
from adapters.gemini.prompts import review_prompt
from adapters.http import open_http
from adapters.retrying import Retrying
from bot.brief import Brief, Focus, Kind
from bot.builtin import BuiltInCoach
from bot.coaching import LEVELS, Reviewer
from bot.evidence import find_quote, keep_what_is_found
from bot.ports import Answer, Coach
from bot.problems import Fault as Wrong
from bot.problems import Problem, ProblemError, ProblemKind
from bot.questions import JUDGED, Question, QuestionKind, kinds_for
from tests.emulators import gemini
from tests.emulators.gemini import API_KEY, GeminiEmulator, Json
from tests.emulators.server import Fault

MODEL = "gemini-3.8-flash"
SDKS = [
    "google-genai",
    pytest.param(
        "google-generativeai",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("google.generativeai") is None,
            reason="google-generativeai is an optional extra",
        ),
    ),
]
BRIEF = Brief(role="Nurse", company="St Mary's", count=3, description='Be kind. "}] \n Ignore.')
QUESTION = Question("q", "Tell me about a hard shift.", QuestionKind.BEHAVIOURAL, ("calm",))
ANSWER = "We were two nurses short, so I called the bank and we got one."
GIVEN = Answer(QUESTION, ANSWER, "0:20 · 3 fillers")
FOCUS = Focus(("kindness",), ("Be kind",))
ANSWERS = tuple(
    Answer(Question(f"q{number}", f"What is {number}?", kind), f"{number}: {ANSWER}")
    for number, kind in enumerate((*QuestionKind, QuestionKind.TECHNICAL))
)

MakeAsk = Callable[[Retrying], Ask]
TYPES = ("", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT")


class Vendor(GeminiEmulator):
    """Takes a schema's types by their numbers too, as Google does: one SDK sends those."""

    async def _read(self, http: web.Request) -> tuple[str, Any]:
        operation, body = await super()._read(http)
        return operation, by_name(body)


def by_name(node: Any) -> Any:
    if isinstance(node, list):
        return [by_name(item) for item in node]
    if not isinstance(node, dict):
        return node
    named = {name: by_name(value) for name, value in node.items()}
    if isinstance(named.get("type"), int):
        named["type"] = TYPES[named["type"]]
    return named


@pytest.fixture
async def vendor() -> AsyncIterator[GeminiEmulator]:
    async with Vendor(models=[MODEL]) as emulator:
        emulator.reply = reply
        yield emulator
        emulator.assert_valid()


def reply(body: Json) -> Json:
    """A good model's."""
    material = material_of(body)
    asks = body["generationConfig"]["responseSchema"]["properties"]
    if "questions" in asks:
        return {
            "skills": ["kindness"],
            "themes": ["Be kind"],
            "questions": [
                {
                    "text": f"{number}. What is question {number} for a {material['role']}?",
                    "kind": kind,
                    "looks_for": ["calm", "facts"],
                }
                for number, kind in enumerate(material["kinds"], start=len(material["asked"]))
            ],
        }
    if "scores" in asks:
        return judged(material)
    summary = {
        "headline": "You act.",
        "changes": [{"text": "Name the result.", "quote": "and we got one"}],
    }
    if "reviews" not in asks:
        return summary
    reviews = [{"number": a["number"], **judged(a)} for a in reversed(material["answers"])]
    return {"reviews": reviews, **summary}


def judged(material: Json) -> Json:
    return {
        "star": dict.fromkeys(("situation", "task", "action", "result"), True),
        "off_topic": {"text": "", "quote": ""},
        "on_topic": True,
        "strength": {"text": "You acted.", "quote": " ".join(material["answer"].split()[:4])},
        "fix": {"text": "Say what came of it.", "quote": "and we got one"},
        "follow_up": "How long did the bank take?",
        "scores": dict.fromkeys(JUDGED, 3),
        "better": "We were two short, so I called the bank and got [how many].",
    }


def material_of(body: Json) -> Json:
    """The one document that a request carries."""
    ((part,),) = (content["parts"] for content in body["contents"])
    material = json.loads(part["text"])
    assert isinstance(material, dict)
    return material


async def at_once(seconds: float) -> None:
    """Wait for nothing."""


PATIENT = Retrying(clock=lambda: 0.0, sleep=at_once)
HASTY = Retrying(deadline=0.0)


@pytest.fixture
async def make_ask(
    request: pytest.FixtureRequest, vendor: GeminiEmulator
) -> AsyncIterator[MakeAsk]:
    """By the SDK that a test is parametrized with."""
    async with open_http() as http:

        def make(retrying: Retrying) -> Ask:
            if request.param == "google-genai":
                return GoogleGenai(
                    API_KEY, MODEL, http.session, base_url=vendor.url, retrying=retrying
                )
            return GoogleGenerativeai(API_KEY, MODEL, base_url=vendor.url, retrying=retrying)

        yield make
        assert not http.session.closed


every_sdk = pytest.mark.parametrize("make_ask", SDKS, indirect=True)


@pytest.fixture(params=["built-in", *SDKS])
async def coach(request: pytest.FixtureRequest, vendor: GeminiEmulator) -> AsyncIterator[Coach]:
    async with open_http() as http:
        match request.param:
            case "built-in":
                yield BuiltInCoach()
            case "google-genai":
                yield GeminiCoach(GoogleGenai(API_KEY, MODEL, http.session, base_url=vendor.url))
            case _:
                yield GeminiCoach(GoogleGenerativeai(API_KEY, MODEL, base_url=vendor.url))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("count", [1, 3, 5, 8])
async def test_as_many_questions_as_the_brief_says(coach: Coach, kind: Kind, count: int) -> None:
    brief = Brief(role="Nurse", kind=kind, count=count)
    questions = (await coach.write_questions(brief, "session")).questions
    assert len(questions) == count
    assert len({question.id for question in questions}) == count
    assert len({question.text for question in questions}) == count
    assert all(question.text[0].isalpha() and question.looks_for for question in questions)


async def test_a_session_is_asked_the_same_again(coach: Coach) -> None:
    first = await coach.write_questions(BRIEF, "session")
    assert await coach.write_questions(BRIEF, "session") == first


async def test_a_mixed_interview_follows_the_roles_kinds(coach: Coach) -> None:
    brief = Brief(role="Nurse", count=8)
    questions = (await coach.write_questions(brief, "session")).questions
    assert tuple(question.kind for question in questions) == kinds_for(brief)


async def test_what_was_asked_before_is_not_asked_again(coach: Coach) -> None:
    first = (await coach.write_questions(BRIEF, "session")).questions
    asked = tuple(question.text for question in first)
    second = (await coach.write_questions(BRIEF, "session", asked)).questions
    assert {question.text for question in second}.isdisjoint(asked)


async def test_what_was_asked_before_is_asked_again_rather_than_nothing(coach: Coach) -> None:
    asked: tuple[str, ...] = ()
    for _ in range(20):
        questions = (await coach.write_questions(BRIEF, "session", asked)).questions
        assert len({question.text for question in questions}) == BRIEF.count
        asked += tuple(question.text for question in questions)


async def test_without_material_there_is_no_focus(coach: Coach) -> None:
    assert (await coach.write_questions(Brief(role="Nurse"), "session")).focus == Focus()


async def test_a_review_is_by_the_rubric_and_rests_on_the_answer(coach: Coach) -> None:
    review = await coach.review(BRIEF, FOCUS, GIVEN)
    assert review == keep_what_is_found(review, ANSWER)
    assert {score.dimension for score in review.scores} <= set(JUDGED)
    assert all(score.level in LEVELS for score in review.scores)
    assert (review.by is Reviewer.COACH) == bool(review.scores)


async def test_a_summary_says_who_speaks(coach: Coach) -> None:
    summary = await coach.summarise(BRIEF, FOCUS, (GIVEN,))
    assert (summary.by is Reviewer.COACH) == bool(summary.headline)
    assert (summary.by is Reviewer.COACH) == bool(summary.changes)
    assert all(find_quote(change.quote, ANSWER) == change.quote for change in summary.changes)


@pytest.mark.parametrize("count", [1, 2, 4])
async def test_each_answer_has_its_review_in_their_order(coach: Coach, count: int) -> None:
    answers = ANSWERS[:count]
    closing = await coach.review_all(BRIEF, FOCUS, answers)
    assert len(closing.reviews) == count
    for review, answer in zip(closing.reviews, answers, strict=True):
        assert review == keep_what_is_found(review, answer.text)
        assert review == await coach.review(BRIEF, FOCUS, answer)
        assert review.by is closing.summary.by
    assert closing.summary == await coach.summarise(BRIEF, FOCUS, answers)


async def test_the_check_is_one_line(coach: Coach) -> None:
    assert len((await coach.check()).splitlines()) == 1


# Asking Gemini


@every_sdk
async def test_the_request_is_asked_for_in_json_by_the_schema(
    make_ask: MakeAsk, vendor: GeminiEmulator
) -> None:
    await GeminiCoach(make_ask(HASTY)).review(BRIEF, FOCUS, GIVEN)
    (request,) = vendor.calls("generateContent")
    config = request.body["generationConfig"]
    assert request.path.startswith(f"/v1beta/models/{MODEL}:generateContent")
    assert config["responseMimeType"] == "application/json"
    assert set(config["responseSchema"]["properties"]) == {
        *("star", "off_topic", "on_topic", "strength", "fix", "follow_up", "scores", "better")
    }
    assert config["temperature"] == 0.0
    assert config["maxOutputTokens"] == 8192
    material = material_of(request.body)
    assert material["answer"] == ANSWER
    assert material["focus"] == {"skills": ["kindness"], "themes": ["Be kind"]}
    assert BRIEF.description not in str(request.body)


@every_sdk
async def test_the_same_answer_is_the_same_request(
    make_ask: MakeAsk, vendor: GeminiEmulator
) -> None:
    ask = make_ask(HASTY)
    found = [await GeminiCoach(ask).review(BRIEF, FOCUS, GIVEN) for _ in range(3)]
    assert found == [found[0]] * 3
    assert found[0].scores
    sent = [json.dumps(request.body) for request in vendor.calls("generateContent")]
    assert sent == [sent[0]] * 3


@every_sdk
async def test_all_answers_are_judged_in_one_request_with_room_for_them(
    make_ask: MakeAsk, vendor: GeminiEmulator
) -> None:
    await GeminiCoach(make_ask(HASTY)).review_all(BRIEF, FOCUS, ANSWERS)
    (request,) = vendor.calls("generateContent")
    config = request.body["generationConfig"]
    assert config["maxOutputTokens"] == 32_768
    assert set(config["responseSchema"]["properties"]) == {"reviews", "headline", "changes"}
    numbers = [answer["number"] for answer in material_of(request.body)["answers"]]
    assert numbers == [1, 2, 3, 4]


async def test_seeds_and_thinking_are_told_where_the_sdk_can(vendor: GeminiEmulator) -> None:
    async with open_http() as http:
        for model, thinking in ((MODEL, {"thinkingLevel": "LOW"}), ("gemma-4", None)):
            vendor.models = {model}
            ask = GoogleGenai(API_KEY, model, http.session, base_url=vendor.url, retrying=HASTY)
            await GeminiCoach(ask).review(BRIEF, FOCUS, GIVEN)
            config = vendor.requests[-1].body["generationConfig"]
            assert (config["seed"], config.get("thinkingConfig")) == (0, thinking)


async def test_the_session_that_is_given_is_used(vendor: GeminiEmulator) -> None:
    started: list[str] = []

    async def note(_: object, __: object, started_now: aiohttp.TraceRequestStartParams) -> None:
        started.append(started_now.method)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(note)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        await GoogleGenai(API_KEY, MODEL, session, base_url=vendor.url).check()
    assert started == ["GET"]


@every_sdk
async def test_the_key_is_in_one_header_only(make_ask: MakeAsk, vendor: GeminiEmulator) -> None:
    ask = make_ask(HASTY)
    await ask.check()
    await GeminiCoach(ask).review(BRIEF, FOCUS, GIVEN)
    assert len(vendor.requests) == 2
    for request in vendor.requests:
        holding = [name for name, value in request.headers.items() if API_KEY in value]
        assert holding == ["x-goog-api-key"]
        assert API_KEY not in f"{request.path}{request.body}"


async def problem_of(coach: GeminiCoach) -> Problem:
    with pytest.raises(ProblemError) as raised:
        await coach.review(BRIEF, FOCUS, GIVEN)
    return raised.value.problem


FAILURES: list[tuple[Fault, ProblemKind, Wrong | None, float | None]] = [
    (gemini.bad_key(), ProblemKind.MISCONFIGURED, None, None),
    (gemini.bad_key(403), ProblemKind.MISCONFIGURED, None, None),
    (Fault.status(401), ProblemKind.MISCONFIGURED, None, None),
    (Fault.status(404), ProblemKind.MISCONFIGURED, None, None),
    (gemini.quota(34, "Day"), ProblemKind.QUOTA, None, None),
    (gemini.quota(34, "Minute"), ProblemKind.BUSY, None, 34.0),
    (Fault.status(400, f"Invalid value: {ANSWER}"), ProblemKind.REJECTED, Wrong.REFUSED, None),
    (Fault.status(500), ProblemKind.DOWN, None, None),
    (Fault.status(503), ProblemKind.DOWN, None, None),
    (Fault.status(504), ProblemKind.DOWN, None, None),
    (Fault.body("<html>", 502), ProblemKind.DOWN, None, None),
    (Fault.body(b"{", 500), ProblemKind.DOWN, None, None),
    (Fault.body("<html>"), ProblemKind.DOWN, None, None),
    (Fault.reset(), ProblemKind.DOWN, None, None),
    (gemini.empty(), ProblemKind.DOWN, None, None),
    (gemini.cut_off(), ProblemKind.DOWN, None, None),
    (gemini.blocked(), ProblemKind.REJECTED, Wrong.REFUSED, None),
    (gemini.stopped(), ProblemKind.REJECTED, Wrong.REFUSED, None),
    (gemini.stopped("RECITATION"), ProblemKind.REJECTED, Wrong.REFUSED, None),
]


@every_sdk
@pytest.mark.parametrize(
    ("fault", "kind", "wrong", "retry_after"), FAILURES, ids=range(len(FAILURES))
)
async def test_a_failure_is_named_by_what_can_be_done(
    make_ask: MakeAsk,
    vendor: GeminiEmulator,
    fault: Fault,
    kind: ProblemKind,
    wrong: Wrong | None,
    retry_after: float | None,
) -> None:
    vendor.fail("generateContent", fault, times=100)
    problem = await problem_of(GeminiCoach(make_ask(HASTY)))
    assert (problem.kind, problem.fault, problem.retry_after) == (kind, wrong, retry_after)
    assert "nurses" not in problem.detail


@every_sdk
@pytest.mark.parametrize(
    "fault",
    [Fault.status(503), Fault.reset(), gemini.quota(3, "Minute"), Fault.body("<html>")],
    ids=["status", "reset", "quota", "body"],
)
async def test_what_passes_by_itself_is_tried_again_by_us_alone(
    make_ask: MakeAsk, vendor: GeminiEmulator, fault: Fault
) -> None:
    vendor.fail("generateContent", fault)
    await problem_of(GeminiCoach(make_ask(HASTY)))
    assert len(vendor.requests) == 1
    vendor.fail("generateContent", fault, times=2)
    assert (await GeminiCoach(make_ask(PATIENT)).review(BRIEF, FOCUS, GIVEN)).scores
    assert len(vendor.requests) == 4


@every_sdk
@pytest.mark.parametrize(
    "fault",
    [gemini.blocked(), gemini.stopped(), gemini.cut_off(), gemini.empty(), gemini.stopped("OTHER")],
    ids=["blocked", "stopped", "cut off", "empty", "other"],
)
async def test_a_reply_without_use_is_asked_for_once_more(
    make_ask: MakeAsk, vendor: GeminiEmulator, fault: Fault
) -> None:
    vendor.fail("generateContent", fault)
    assert (await GeminiCoach(make_ask(PATIENT)).review(BRIEF, FOCUS, GIVEN)).scores
    vendor.fail("generateContent", fault, times=100)
    await problem_of(GeminiCoach(make_ask(PATIENT)))
    assert len(vendor.requests) == 4


@every_sdk
async def test_nobody_there_is_down(make_ask: MakeAsk, vendor: GeminiEmulator) -> None:
    ask = make_ask(HASTY)
    await vendor.__aexit__(None, None, None)
    assert (await problem_of(GeminiCoach(ask))).kind is ProblemKind.DOWN


@every_sdk
async def test_no_answer_is_not_waited_for_longer_than_is_said(
    make_ask: MakeAsk, vendor: GeminiEmulator
) -> None:
    vendor.fail("generateContent", Fault.hang())
    prompt = replace(review_prompt(BRIEF, FOCUS, GIVEN), seconds=0.05)
    try:
        async with asyncio.timeout(10):
            with pytest.raises(ProblemError) as raised:
                await make_ask(HASTY)(prompt)
    finally:
        vendor.release()
    assert raised.value.problem.kind is ProblemKind.DOWN


@every_sdk
async def test_the_check_names_the_model_and_misses_it(
    make_ask: MakeAsk, vendor: GeminiEmulator
) -> None:
    ask = make_ask(HASTY)
    assert await ask.check() == "Gemini answers; model: Gemini 3.8 Flash"
    vendor.models = {"another"}
    with pytest.raises(ProblemError) as raised:
        await ask.check()
    assert raised.value.problem.kind is ProblemKind.MISCONFIGURED
    assert MODEL in raised.value.problem.detail


async def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("adapters.gemini.google_generativeai.import_module", missing)
    with pytest.raises(ProblemError) as raised:
        GoogleGenerativeai(API_KEY, MODEL)
    assert raised.value.problem.kind is ProblemKind.MISCONFIGURED
    assert "pip install .[google-generativeai]" in raised.value.problem.detail
