"""A remark on an answer may stand; a remark on the person may not, in whatever words."""

import pytest

from bot.fairness import is_fair
from bot.questions import bank, rubric

FAIR = [
    "You have a figure for the result, which few answers have.",
    "Name the person who decided, and the family of products.",
    "Say who was the leader of the project and what was natural to do.",
    "You name the confidence interval and say why it matters.",
    "The health check and the race condition are explained step by step.",
    "You describe the emotion detection model and its accuracy.",
    "You say how you calmed the customer down before you offered a refund.",
    "Say how you kept the patient calm.",
    "You explain how the tests gave the team confidence to deploy.",
    "Name the result: how much faster did the query become?",
    "You say what you did, in your own words, and why.",
    "The answer opens with the outcome, which makes it easy to follow.",
    "You looked at the logs first and then at the last deploy.",
    "Say which health service you worked for.",
    "Explain why the voice assistant misheard orders.",
    "You used the active voice throughout.",
    "You name the customer's anger and what you did about it.",
    "Say how you would store the age and gender columns.",
    "You explain how the old system failed.",
    "You replaced an old pipeline, and say what that cost.",
    "You looked up the old contract before you answered the client.",
    "Your example shows a conflict and how it ended.",
    "Say more about the insecure endpoint that you closed.",
    "You raised your concern with the manager early.",
    "Give the number of patients on the ward that night.",
    "You were clear about who decided what.",
    "Add what you learned from the cold calls.",
    "You describe cold storage and warm standby well.",
    "You seem to skip the result; add it.",
    "You were happy with 80 percent coverage; say why.",
    "Say what the false positive rate was at a 95% confidence.",
    "You show that you raised the risk in time.",
    "Explain how you are confident that the fix worked: which test showed it?",
]
UNFAIR = [
    "You have a lovely face.",
    "You are a natural leader.",
    "You are a very smart person.",
    "You clearly come from a good family.",
    "Your accent made it hard to follow.",
    "Work on your pronunciation of technical terms.",
    "You sound nervous at the start.",
    "Try to speak with more confidence.",
    "You seem confident and calm.",
    "You come across as confident.",
    "Your voice is pleasant and clear.",
    "You have a friendly personality.",
    "Show more enthusiasm for the role.",
    "You are very passionate about data.",
    "You sounded a bit tense when asked about the failure.",
    "Try to seem calmer.",
    "Lack of confidence in your answer.",
    "You look young for this role.",
    "As a woman you may be asked this.",
    "Your English is good for a non-native speaker.",
    "You should smile more and keep eye contact.",
    "You seem tired today.",
    "You stutter on the first words.",
    "Your nationality may matter here.",
    "You appear unsure of yourself.",
    "Your tone is monotone.",
    "You were anxious and it showed.",
    "You mumbled the ending.",
    "A man of your age should know this.",
    "Speak in a deeper voice.",
    "You sound like a foreigner.",
    "Your health should come first.",
    "You are too old for a junior role.",
    "Your emotional delivery distracts from the content.",
    "Your charisma carries the story.",
    "You sound more relaxed than before.",
    "You're shy about your results.",
    "You confidently explain the result.",
]


@pytest.mark.parametrize("text", FAIR)
def test_a_remark_on_the_answer_stands(text: str) -> None:
    assert is_fair(text)


@pytest.mark.parametrize("text", UNFAIR)
def test_a_remark_on_the_person_does_not(text: str) -> None:
    assert not is_fair(text)
    assert not is_fair(text.upper())


def test_what_the_rubric_says_is_fair() -> None:
    anchors = [anchor for dimension in rubric() for anchor in dimension.anchors]
    assert [anchor for anchor in anchors if not is_fair(anchor)] == []


def test_hardly_a_question_of_the_bank_would_be_lost() -> None:
    questions = [q for family in bank().families.values() for q in family.questions]
    texts = [text for q in questions for text in (q.text, *q.looks_for)]
    lost = [text for text in texts if not is_fair(text)]
    assert len(lost) <= len(texts) // 100, lost
