"""Fillers are told from real uses, and in doubt nothing is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.disfluency import (
    Span,
    count_repetitions,
    find_fillers,
    find_hedges,
    find_phrase_fillers,
)

# Each phrase in its sentences; what stands in «» is counted, and nothing else is.
PHRASE_FILLERS = [
    "So, «you know», it was slow.",
    "It was, «you know», a long night.",
    "and «you know» we had to restart it",
    "The load failed, «you know»?",
    "because «you know» nobody had looked",
    "I was, «I mean», we were all tired.",
    "«I mean», the index was missing.",
    "but «I mean» we had tests",
    "It was «kind of» slow.",
    "We «sort of» muddled through.",
    "It was «kind of» a mess, to say the least.",
    "I «kind of» took over.",
    "and it’s «kind of» hard to say",
    "We were, «like», lost.",
    "I was «like», what happened?",
    "It was «like» really late.",
    "It took «like» ten minutes.",
    "There were «like» 40 alerts.",
    "«Basically» I rewrote it.",
    "It «basically» doubled the load.",
    "«Actually», we had no tests.",
    "So «actually» we rolled back.",
    "It was, «literally», the last day.",
    "So we shipped it, «right»?",
    "«You know», «like», it was «sort of» broken, «right»?",
]
REAL_USES = [
    "Do you know the answer?",
    "As you know, the launch was late.",
    "I asked what you know about it.",
    "the people you know",
    "Just so you know, it is done.",
    "Once you know the cause you can fix it.",
    "If you know SQL, this is easy.",
    "Then you know that it works.",
    "How do you know?",
    "Let me show you, know your data first.",
    "What I mean is that we test first.",
    "By that I mean the second release.",
    "Do you see what I mean?",
    "And I mean it.",
    "I mean the first design, not the second.",
    "what kind of work I do",
    "Redis is a kind of database.",
    "It was a new kind of problem.",
    "That kind of bug is rare.",
    "this sort of thing",
    "It was kind of you to ask.",
    "two kinds of tests",
    "the right sort of customer",
    "I like my job.",
    "We would like to hire.",
    "It looks like a timeout.",
    "Databases like Postgres and tools like dbt",
    "It was like a second home to me.",
    "He drove like mad.",
    "I know what the job is like, so I stayed.",
    "People like him, and so do I.",
    "What actually happened was a race condition.",
    "I did not actually see it.",
    "That was the right answer.",
    "Was it right? I checked.",
    "We turned right, then left.",
    "an all right result",
]
HEDGES = [
    "«I think» we won.",
    "So «I think» it was the cache.",
    "and «I guess» that was wrong",
    "«Maybe» it was me.",
    "It was «probably» the index, or «perhaps» the cache.",
    "«Hopefully» it holds.",
    "It was «a little bit» late.",
    "It was «sort of like» a queue.",
    "a cache «or something like that»",
    "«To be honest», I did not know.",
    "It was late, «to be honest».",
    "«I suppose» so, and «I feel like» we rushed.",
]
FIRM = [
    "I think through the design before I code.",
    "I think about the user first.",
    "What I think matters little here.",
    "The way I think changed.",
    "I don't think so.",
    "I want to be honest with the customer.",
    "You have to be honest and clear.",
    "a little bit of code",
    "I feel like a guest here.",
    "They think that I guess the price.",
    "the same sort of queue",
]
REPEATED = [
    ("the the index", 1),
    ("I I I was there", 2),
    ("I was I was late", 1),
    ("we went to, to the client", 1),
    ("the, um, the index", 1),
    ("we were we were we were late", 2),
    ("It was, it was hard.", 1),
    ("A a manager and I, I left", 2),
]
DOUBLED = [
    "We had had enough.",
    "I knew that that was wrong.",
    "It was very very slow, really, really slow.",
    "no no no",
    "It worked. It worked well.",
    "Was it late? It was. It was very late.",
    "twenty twenty, 10 10, five five",
    "more and more and more",
    "step by step by step",
    "from New York, New York",
    "vitamin b b, plan c c",
    "the index, an index",
    "um um, uh uh",
]


def unmark(marked: str) -> tuple[str, list[str]]:
    parts = marked.replace("»", "«").split("«")
    return "".join(parts), parts[1::2]


def cut(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize("marked", PHRASE_FILLERS)
def test_a_phrase_that_carries_nothing_is_found(marked: str) -> None:
    text, fillers = unmark(marked)
    assert cut(text, find_phrase_fillers(text)) == fillers


@pytest.mark.parametrize("text", REAL_USES)
def test_a_phrase_that_says_something_is_not(text: str) -> None:
    assert find_phrase_fillers(text) == ()


@pytest.mark.parametrize("marked", HEDGES)
def test_a_hedge_is_found(marked: str) -> None:
    text, hedges = unmark(marked)
    assert cut(text, find_hedges(text)) == hedges


@pytest.mark.parametrize("text", FIRM)
def test_what_is_meant_is_no_hedge(text: str) -> None:
    assert find_hedges(text) == ()


def test_a_hedge_is_not_a_filler_as_well() -> None:
    assert find_phrase_fillers("It was sort of like a queue.") == ()


@pytest.mark.parametrize(("text", "count"), REPEATED)
def test_words_said_again_at_once_are_counted(text: str, count: int) -> None:
    assert count_repetitions(text) == count


@pytest.mark.parametrize("text", DOUBLED)
def test_words_doubled_for_a_reason_are_not(text: str) -> None:
    assert count_repetitions(text) == 0


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("Um, so, uh… I, er, mm-hmm, yes", ["Um", "uh", "er", "mm", "hmm"]),
        ("UM. Uhm! hmm?", ["UM", "Uhm", "hmm"]),
        ("umbrella, error, ahead, Uma", []),
        ("I ran the ER, and a 10 mm valve", []),
    ],
)
def test_sounds_are_whole_words(text: str, sounds: list[str]) -> None:
    assert cut(text, find_fillers(text)) == sounds


FRAGMENTS = [
    *("um", "uh", "you", "know", "i", "mean", "kind", "of", "like", "sort", "actually", "right"),
    *("the", "the", "was", "I", "think", "maybe", "10", "ER", "?", ",", ". ", "…", "\n"),
]
PIECES = st.lists(
    st.sampled_from(
        [
            "um",
            "uh",
            "you",
            "know",
            "i",
            "mean",
            "kind",
            "of",
            "like",
            "right",
            "?",
            ",",
            ". ",
            "…",
            "the",
            "the",
            "was",
            "I",
            "think",
            "maybe",
            "10",
            "\n",
            "ER",
            "sort",
            "actually",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map(" ".join)


@given(PIECES)
def test_what_is_found_lies_in_the_text_in_order_and_apart(text: str) -> None:
    for find in (find_fillers, find_phrase_fillers, find_hedges):
        spans = find(text)
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert all(text[span.start : span.end].strip() for span in spans)
    assert 0 <= count_repetitions(text) <= len(text)
