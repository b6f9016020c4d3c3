"""Words of an answer that tell its judge what to do: an order is no evidence of anything.

A list of ways to say it, which others escape. It keeps a judge that has obeyed from giving the
order as the reason; what it has scored meanwhile is not known to be obedience.
"""

import re

_TOP = (
    r"(?:(?:five|5|ten|10)(?:\s*(?:/|of|out of)\s*(?:five|5|ten|10)|\s+(?:stars?|points?)\b"
    r"|\s+(?:in|for|to)\s+(?:all|each|every))"
    r"|(?:full|top|perfect|maximum|the highest|the best)\s+(?:marks?|scores?|points|ratings?|grades?))"
)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,4}(?:rules?|instructions?|rubric"
    r"|prompts?|guidelines|constraints)\b"
    rf"|\b(?:give|rate|score|grade|award|mark)\s+(?:me|it|this|the|that|her|him|us|them)\b[^.!?]{{0,60}}?{_TOP}"
    r"|\b(?:new|following|updated)\s+(?:system\s+)?instructions?\s+(?:from|for|to)\b|\byour hidden rules\b"
    r"|\b(?:your|the) system prompt\b|\b(?:note|message|instructions?|order)s? (?:to|for) the"
    r" (?:grader|judge|examiner|model|language model|ai|interviewer)\b"
    r"|\byou are now an?\b|\bdear (?:model|ai|grader|judge)\b"
    r"|\bgrading is switched off\b|\b(?:on_topic|off_topic|follow_up)\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    return _ORDER.search(text) is not None
