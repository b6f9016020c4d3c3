"""Sentences of an answer that tell its judge what to do: an order is no evidence of anything.

A list of ways to say it, which others escape. It keeps a judge that has obeyed an order from
giving it as the reason.
"""

import re

_TOP = (
    r"(?:(?:five|5|ten|10)(?:\s*(?:/|of|out of)\s*(?:five|5|ten|10)|\s+(?:stars?|points?)\b"
    r"|\s+(?:in|for|to)\s+(?:all|each|every))"
    r"|(?:full|top|perfect|maximum|the highest|the best)"
    r"\s+(?:marks?|scores?|points|ratings?|grades?))"
)
_JUDGE = r"(?:grader|judge|examiner|model|language model|ai|interviewer)"
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,4}"
    r"(?:rules?|instructions?|rubric|prompts?|guidelines|constraints)\b"
    r"|\b(?:give|rate|score|grade|award|mark)\s+(?:me|it|this|the|that|her|him|us|them)\b"
    rf"[^.!?]{{0,60}}?{_TOP}"
    r"|\b(?:new|following|updated)\s+(?:system\s+)?instructions?\s+(?:from|for|to)\b"
    r"|\byour (?:hidden rules|system prompt)\b|\byou are now an?\b|\bgrading is switched off\b"
    rf"|\b(?:note|message|instruction|order)s? (?:to|for) the {_JUDGE}\b|\bdear {_JUDGE}\b"
    r"|\b(?:on_topic|off_topic|follow_up)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+")


def is_order(quote: str, text: str) -> bool:
    """Whether `quote`, as it stands in `text`, is of a sentence there that orders its judge."""
    start = text.find(quote)
    end = start + len(quote)
    return any(
        sentence.start() < end and start < sentence.end() and _ORDER.search(sentence[0])
        for sentence in _SENTENCE.finditer(text)
    )
