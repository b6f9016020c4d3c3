"""Every sentence that stands only in the file of a whole interview."""

from bot.brief import Brief, Mode
from bot.history import Ending
from bot.wording import count

PRACTICE = "Practice interview"
NO_ROLE = "Interview"
QUESTIONS = "Questions and answers"
SCORES = "Scores"
STAR = "Parts of the answer"
HEARD = "What was heard"
CORRECTED = "What counts: your correction"
MARKS = "Fillers and pauses of a second or more are marked in what was heard."
FILLER = "filler"
PAUSE = "pause"
MEASURED_ONLY = "Measured only, not scored"
NOT_TRANSCRIBED = "Measured only: this installation does not transcribe."
ONLY_MEASURES = "Only what was measured"
NO_FEEDBACK_YET = "No feedback yet"


def mode(brief: Brief) -> str:
    match brief.mode:
        case Mode.COACH:
            return "Feedback after each answer"
        case Mode.REAL:
            return "Against the clock, feedback at the end"


def asked(brief: Brief) -> str:
    return f"{count(brief.count, 'question')}, {brief.kind}"


def ending(how: Ending) -> str | None:
    match how:
        case Ending.OPEN:
            return "Not finished"
        case Ending.STOPPED:
            return "Stopped early"
        case Ending.FINISHED:
            return None


def follow_up(number: int) -> str:
    return f"Follow-up to question {number}"


def take(number: int, of: int) -> str:
    return f"Your answer, take {number} of {of}" if of > 1 else "Your answer"


def own_rating(level: int) -> str:
    return f"Your own rating: {level}/5"


def mean(level: float) -> str:
    return f"Mean of these: {level:.1f} of 5"


def over_answers(level: float, answers: int) -> str:
    return f"{level:.1f} of 5 over {count(answers, 'answer')}"
