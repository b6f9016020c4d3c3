"""The end of an interview: three things to change, each borne out by what was said or measured."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching import CHANGES_LIMIT, POINT_LIMIT, SUMMARY_LIMIT, Point, Summary, shorten
from bot.coaching_words import advice
from bot.delivery import Reading, mean_readings
from bot.evidence import claims_nothing_new, find_quote
from bot.fairness import is_fair
from bot.interview import Interview, Reviewed, Take, delivery_of, latest_takes, text_of
from bot.orders import is_order
from bot.progress import LEAST_CHANGE, distance
from bot.words import words_of


def close_with(summary: Summary, interview: Interview) -> Summary:
    """`summary` without what no answer bears out, filled up to three changes.

    The coach's changes come first; then the fixes of the answers, the weakest answer's first;
    then advice on the measures, the one farthest from its comfortable range first.
    """
    takes, known = latest_takes(interview), _known(interview)
    changes: dict[str, Point] = {}
    for change in (*_found(summary, takes, known), *_fixes(takes), *_advice(takes)):
        changes.setdefault(change.text, change)
    headline = summary.headline
    bears_out = takes and is_fair(headline) and claims_nothing_new(headline, known)
    return replace(
        summary,
        headline=shorten(headline, SUMMARY_LIMIT) if bears_out else "",
        changes=tuple(changes.values())[:CHANGES_LIMIT],
    )


def _known(interview: Interview) -> frozenset[str]:
    """The words that a headline may take a figure or a name from."""
    brief = interview.brief
    asked = (question.text for question in interview.questions)
    takes = latest_takes(interview)
    counted = (str(len(takes)), str(brief.count))
    said = map(text_of, takes)
    known = (brief.role, brief.company, *brief.skills, *counted, *asked, *said)
    return frozenset(words_of("\n".join(known)))


def _found(summary: Summary, takes: tuple[Take, ...], known: frozenset[str]) -> Iterator[Point]:
    for change in summary.changes:
        text, quote = change.text, _quote_in(takes, change.quote)
        told = text.strip() and is_fair(text) and claims_nothing_new(text, known, naming=True)
        if quote and told:
            yield Point(shorten(text, POINT_LIMIT), quote)


def _quote_in(takes: tuple[Take, ...], quote: str) -> str | None:
    """The words of an answer that `quote` gives, unless they order the judge."""
    for text in map(text_of, takes):
        found = find_quote(quote, text)
        if found is not None and not is_order(found, text):
            return found
    return None


def _fixes(takes: tuple[Take, ...]) -> Iterator[Point]:
    reviews = [take.verdict.review for take in takes if isinstance(take.verdict, Reviewed)]
    judged = [review for review in reviews if review.scores and review.fix is not None]
    for review in sorted(judged, key=lambda r: sum(s.level for s in r.scores) / len(r.scores)):
        if review.fix is not None:
            yield review.fix


def _advice(takes: tuple[Take, ...]) -> Iterator[Point]:
    deliveries = [delivery for take in takes if (delivery := delivery_of(take)) is not None]
    for reading in sorted(mean_readings(deliveries), key=_severity, reverse=True):
        said = advice(reading)
        if said is not None:
            yield Point(said, "")


def _severity(reading: Reading) -> float:
    """How far outside, in changes that count, so that measures can be set against one another."""
    return distance(reading) / LEAST_CHANGE[reading.measure]
