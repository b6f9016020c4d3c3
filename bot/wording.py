"""Every sentence a person reads, in one place; how it looks is each adapter's business."""

from datetime import UTC, datetime

from bot.brief import DESCRIPTION_LIMIT, Brief, Detail, seniority_of
from bot.coaching import (
    Checklist,
    Delivery,
    Review,
    Reviewer,
    Star,
    Unscorable,
)
from bot.events import Control, Move
from bot.gate import FEWEST_WORDS
from bot.history import Ending, SessionLine
from bot.interview import Reason
from bot.problems import Fault, Problem, ProblemKind
from bot.screens import (
    FeedbackScreen,
    Place,
    QuestionScreen,
    Screen,
    SetupScreen,
    StuckScreen,
    SummaryScreen,
    UnscoredScreen,
)

NAME = "PersonaAI"
DESCRIPTION = (
    "Practise job interviews by voice. I ask questions for your role, you answer with a voice note "
    "or in writing, and you get a transcript, measured delivery and feedback that quotes you. "
    "/interview starts one."
)
SHORT_DESCRIPTION = "Practise job interviews by voice, with honest, measured feedback."
COMMANDS = {
    "interview": "Start a practice interview",
    "history": "Read past interviews and hear your answers",
    "cancel": "Stop the interview",
    "help": "How it works",
}
DISCORD_COMMANDS = {**COMMANDS, "answer": "Answer with a recording or in writing"}
WELCOME = (
    "I interview you for a job you name, and tell you honestly how each answer came across.\n\n"
    "Start with /interview, or say it in one line:\n"
    "/interview Senior Backend Engineer at Spotify"
)
HELP = (
    "/interview — guided set-up; only the role is needed\n"
    "/interview Data Engineer at Acme, 3 questions, technical — start at once\n"
    "/history — past interviews, with your own recordings\n"
    "/cancel — stop at any moment\n\n"
    "Answer each question with a voice note, or type if you cannot speak. Several notes in a row "
    "are one answer. Scores rest on your own words, and an answer that cannot be judged fairly is "
    "not scored."
)
NO_HISTORY = "No interviews yet. /interview starts your first."
HISTORY = "Your interviews"
NOT_YOURS = "This interview belongs to somebody else. /interview starts your own."
NOTE_NOT_YOURS = (
    "That interview belongs to somebody else, so your note was not used. "
    "/interview starts your own."
)
RECORDING_GONE = "That recording can no longer be fetched."
UNEXPECTED = "Something went wrong on our side. What you sent is kept; please try again."
PRIVATELY = "Practise in private"
START = "Start an interview"
ANSWER_HOW = "Answer with a voice note, or type."
ANSWER_HERE = "Answer with a voice message or in writing; in a server, with /answer."
CANNOT_WRITE = (
    "I can no longer write where your interview was. What you answered is kept: /history shows it, "
    "and /interview starts a new one, here in private if you like."
)
CANNOT_READ = (
    "I cannot read messages in servers. Send your answer with /answer (a recording or text), "
    "or mention me in it."
)
THREAD_GONE = "The thread of your interview is gone. Your answers are kept: /history shows them."
BEGUN_HERE = "Your interview is ready."
BEGUN_IN_PRIVATE = (
    "I may not open a private thread in that channel, so your interview is in our direct messages."
)
RUNNING_THERE = "You have an interview going on already. Answer it there, or /cancel it first."
ANSWER_TAKEN = "Got it."
ANSWER_MISSING = "Attach a recording, or write your answer in the text option."
MODAL_TITLE = "Your interview"
STOPPED = "Stopped"
UNSCORED = "Not scored"
SUMMARY = "Summary"
ANSWER_BY_REPLY = "Reply to this message with a voice note, or in writing."
SETUP_BY_REPLY = "Reply to this message to type."
ANSWER_MORE = "Another note is another try."
HEAR = "Hear your answer"
BACK = "Back"
OLDER = "Older"
NEWER = "Newer"
NO_WORDS_KEPT = "No words were kept of this answer."
SESSION_GONE = "That interview is not in your history."
UNUSABLE = "I can use voice notes, audio and text. Please send one of those."
LISTENING = "Listening"
THINKING = "Thinking about your answer"
PREPARING = "Preparing your questions"
SUMMING = "Looking over the whole interview"
YOUR_ANSWER = "Your answer"
STRENGTH = "Strength"
FIX = "One thing to change"
BETTER = "Your answer, tightened"
DELIVERY = "Delivery"
SCORES_MEAN = "What the scores mean"
CHECKLIST = "Checklist (counted, not judged)"
WHAT_TO_CHANGE = "What to change next time"
AVERAGES = "Average scores"


def discord_help(*, reads: bool) -> str:
    """`reads`: whether what is written in servers can be read."""
    in_servers = "a voice message, an audio file, text in the thread, or " if reads else ""
    return (
        "/interview — start one; in a server it runs in a private thread\n"
        "/history — past interviews, with your own recordings\n"
        "/cancel — stop at any moment\n\n"
        "Answer in direct messages with a voice message, an audio file, or text; in servers with "
        f"{in_servers}/answer. Several in a row are one answer. Scores rest on your own words, "
        "and an answer that cannot be judged fairly is not scored."
    )


# Set-up


def ask_detail(screen: SetupScreen) -> str:
    match screen.detail:
        case Detail.ROLE:
            return "Which role are you interviewing for? Type it, or pick one."
        case Detail.COMPANY:
            return "At which company? Type its name."
        case Detail.SENIORITY:
            return "At which level?"
        case Detail.KIND:
            return "What kind of questions?"
        case Detail.COUNT:
            return "How many questions?"
        case Detail.DESCRIPTION:
            return _ask_description(screen)
        case Detail.SKILLS:
            return "Which skills should come up? Type them with commas between."


def _ask_description(screen: SetupScreen) -> str:
    size = len(screen.brief.description)
    if screen.reading is not None:
        return "Reading your document…"
    if screen.brief.is_description_full:
        return f"I kept the first {DESCRIPTION_LIMIT:,} characters of the job description."
    if size:
        return f"Got {size:,} characters of the job description. Send more, or go on."
    return "Paste the job description, or send it as a text, PDF or DOCX file."


def document_fault(fault: Fault) -> str:
    match fault:
        case Fault.TOO_BIG:
            return "That document is too big (5 MB at most). Send a smaller one, or paste the text."
        case Fault.TOO_LONG:
            return "That document has too many pages. Send the part that matters, or paste it."
        case Fault.NO_TEXT:
            return "I found no text in that document (a scan, perhaps). Paste the text instead."
        case Fault.PROTECTED:
            return "That document is protected by a password. Paste the text instead."
        case Fault.GONE:
            return "I could not fetch that document. Send it again, or paste the text."
        case Fault.NOT_A_DOCUMENT:
            return (
                "I can read text, PDF and DOCX files. Save it as one of those "
                "(in Word: Save As, then DOCX or PDF), or paste the text."
            )
        case _:
            return "That document could not be read: it seems damaged. Paste the text instead."


def brief_lines(brief: Brief) -> tuple[str, ...]:
    """What the interview will be about, a short line each."""
    lines = [job_title(brief)] if brief.role else []
    if brief.seniority and brief.seniority is not seniority_of(brief.role):
        lines.append(f"Level: {brief.seniority}")
    lines.append(f"{brief.count} questions, {brief.kind}")
    if brief.description:
        lines.append(f"Job description: {len(brief.description):,} characters")
    if brief.skills:
        lines.append(f"Skills: {', '.join(brief.skills)}")
    return tuple(lines)


def job_title(brief: Brief) -> str:
    return f"{brief.role} at {brief.company}" if brief.company else brief.role


# Controls


def label(control: Control, screen: Screen) -> str:
    """What stands on a control."""
    match control.move:
        case Move.START:
            return "Start now"
        case Move.CHOOSE:
            value = control.argument.partition("=")[2]
            return value[:1].upper() + value[1:]
        case Move.SKIP:
            described = isinstance(screen, SetupScreen) and screen.brief.description
            return "Go on" if described and control.argument == Detail.DESCRIPTION else "Skip"
        case Move.BACK:
            return "Back"
        case Move.NEXT:
            if not isinstance(screen, (FeedbackScreen, UnscoredScreen)):
                return "Next question"
            return "Finish" if screen.place.number == screen.place.of else "Next question"
        case Move.AGAIN:
            return "Try again"
        case Move.RETRY:
            return "Retry now"
        case Move.PASS:
            return "Skip question" if isinstance(screen, QuestionScreen) else "Go on without it"
        case Move.STOP:
            return "Cancel" if isinstance(screen, SetupScreen) else "Stop"


# Questions and answers


def heading(place: Place) -> str:
    again = f" · take {place.take}" if place.take > 1 else ""
    return f"Question {place.number} of {place.of}{again}"


def question_source(screen: QuestionScreen) -> str | None:
    """Said where the question was not written for this person."""
    if not screen.builtin:
        return None
    if screen.stand_in is None:
        return "From the built-in question bank"
    return f"From the built-in question bank: {_coach_problem(screen.stand_in)}"


def feedback_source(screen: FeedbackScreen) -> str | None:
    """Said where nobody has judged the words."""
    if screen.review.by is not Reviewer.MEASURES:
        return None
    if screen.stand_in is not None:
        return f"Measured only, not scored: {_coach_problem(screen.stand_in)}"
    if not screen.text:
        return (
            "Measured only: this installation does not transcribe. "
            "Type your answer to have its words looked at."
        )
    return "Measured only, not scored: no AI interviewer is set up here"


def summary_source(screen: SummaryScreen) -> str | None:
    if screen.summary.by is not Reviewer.MEASURES:
        return None
    if screen.stand_in is not None:
        return f"Only what was measured: {_coach_problem(screen.stand_in)}"
    return "Only what was measured: no AI interviewer is set up here"


def unscored(why: Unscorable | Fault) -> str:
    """Why an answer was not scored, and what to do."""
    match why:
        case Unscorable.NO_WORDS:
            return (
                "Not scored: I found no words in it. Record it again, closer to the microphone, "
                "or type it."
            )
        case Unscorable.TOO_SHORT:
            return f"Not scored: under {FEWEST_WORDS} words is too little to judge. Say a bit more."
        case Unscorable.UNCLEAR:
            return (
                "Not scored: the recording was too unclear to transcribe reliably. "
                "Record it again somewhere quieter, or type it."
            )
        case Fault():
            return f"Not scored: {_note_fault(why)}"


def _note_fault(fault: Fault) -> str:
    match fault:
        case Fault.SILENT:
            return "the recording is silent. Check the microphone and record it again."
        case Fault.TOO_BIG:
            return "the file is over 20 MB. Send a shorter recording."
        case Fault.TOO_LONG:
            return "the recording is over 10 minutes. Two minutes make a good answer."
        case Fault.TOO_SHORT:
            return "the recording is too short to hold an answer. Hold the button while you speak."
        case Fault.NOT_AUDIO:
            return "that is not a recording I can play. Send a voice note or an audio file."
        case Fault.DAMAGED:
            return "the recording is damaged. Please record it again."
        case Fault.GONE:
            return "the recording can no longer be fetched. Please send it again."
        case Fault.SET_ASIDE:
            return "it could not be transcribed, and you went on without it. The note is kept."
        case _:
            return "the transcriber could not use this recording. Record it again, or type it."


def left_out(fault: Fault) -> str:
    """Said where a part of an answer could not be used, and the rest was."""
    return f"One note was left out: {_note_fault(fault)}"


def stuck(screen: StuckScreen, now: float) -> str:
    """What happened, what was kept, and what can be done."""
    doing = "score" if screen.heard else "transcribe"
    kept = "Your answer is kept." if screen.heard else "Your note is kept."
    if screen.problem.kind is ProblemKind.MISCONFIGURED:
        who = "interviewer" if screen.heard else "transcriber"
        return (
            f"The {who} is not available: this bot is not set up correctly, and its operator "
            f"has been told. {kept} {_alternative(screen)}"
        )
    if screen.problem.kind is ProblemKind.QUOTA:
        return f"I cannot {doing} now: today's allowance is used up. {kept} {_alternative(screen)}"
    if screen.until is None:
        return f"I still cannot {doing} your answer. {kept} {_alternative(screen)}"
    return (
        f"I cannot {doing} your answer just now: the service is not answering. {kept} "
        f"I try again by myself {_in_seconds(screen.until - now)}."
    )


def _alternative(screen: StuckScreen) -> str:
    if screen.heard:
        return "Retry, or go on with what was measured."
    return "Retry, type your answer instead, or go on without it."


def _in_seconds(seconds: float) -> str:
    if seconds < 50:  # noqa: PLR2004 - below this, minutes would round to none
        return "in less than a minute"
    minutes = round(seconds / 60)
    return f"in about {minutes} minute{'s' if minutes > 1 else ''}"


def _coach_problem(problem: Problem) -> str:
    match problem.kind:
        case ProblemKind.MISCONFIGURED:
            return "the AI interviewer is not available (its operator has been told)"
        case ProblemKind.QUOTA:
            return "the AI interviewer's allowance for today is used up"
        case ProblemKind.REJECTED:
            return "the AI interviewer would not take this text"
        case ProblemKind.BUSY | ProblemKind.DOWN:
            return "the AI interviewer is not answering"


def delivery_line(delivery: Delivery) -> str:
    """How the answer was spoken, in one line."""
    parts = [clock(delivery.seconds)]
    if delivery.words_per_minute is not None:
        parts.append(f"{delivery.words_per_minute:.0f} words/min")
    if delivery.fillers is not None:
        parts.append(count(delivery.fillers, "filler"))
    if delivery.pauses:
        longest = f"longest {delivery.longest_pause:.1f} s"
        parts.append(f"{count(delivery.pauses, 'pause')} of 1 s or more, {longest}")
    else:
        parts.append("no long pauses")
    if delivery.clipped:
        parts.append("recorded too loud")
    return " · ".join(parts)


def checklist_lines(checklist: Checklist) -> tuple[str, ...]:
    we = checklist.first_person_plural
    return (
        f"{count(checklist.words, 'word')}{_length_hint(checklist.words)}",
        f"{count(checklist.structure_cues, 'structure cue')} (first, because, as a result …)",
        f"{count(checklist.numbers, 'number')}{'' if checklist.numbers else ': can you add one?'}",
        f"“I” or “my” {checklist.first_person}×, “we” or “our” {we}×"
        + (": what did you do yourself?" if we > checklist.first_person else ""),
    )


def _length_hint(words: int) -> str:
    if words < 60:  # noqa: PLR2004 - half a minute of speech
        return ": short for an interview answer"
    if words > 330:  # noqa: PLR2004 - two and a half minutes of speech
        return ": over two minutes when spoken"
    return ""


def star_line(star: Star) -> str:
    parts = {
        "Situation": star.situation,
        "Task": star.task,
        "Action": star.action,
        "Result": star.result,
    }
    return " ".join(f"{'✓' if there else '✗'} {name}" for name, there in parts.items())


def no_points(review: Review) -> str | None:
    """Said where no remark on the answer held against its own words."""
    if review.by is Reviewer.COACH and review.strength is None and review.fix is None:
        return "No remark could be backed by your own words, so none is shown."
    return None


# The end


def summary_heading(screen: SummaryScreen) -> str:
    return f"Done: {job_title(screen.brief)}"


def summary_lines(screen: SummaryScreen) -> tuple[str, ...]:
    lines = [f"{screen.answered} of {count(screen.questions, 'question')} answered"]
    if screen.words:
        lines.append(f"{count(screen.words, 'word')} in all")
    if screen.speaking:
        lines.append(f"{clock(screen.speaking)} of speech")
    if screen.words_per_minute is not None:
        lines.append(f"{screen.words_per_minute:.0f} words/min on average")
    return tuple(lines)


def summary_next() -> str:
    return "/history shows every answer again. /interview starts the next one."


def stopped(answered: int) -> str:
    if answered == 0:
        return "Stopped. /interview starts a new one."
    return f"Stopped. {count(answered, 'answer')} kept in /history. /interview starts a new one."


# Refusals


def refusal(reason: Reason) -> str | None:
    """What is said when nothing came of what was sent; None where nobody sent anything."""
    match reason:
        case Reason.NO_INTERVIEW:
            return "No interview is going on. /interview starts one."
        case Reason.ALREADY_RUNNING:
            return "An interview is going on already. Answer its question, or /cancel it first."
        case Reason.NOT_YET:
            return "One moment: I am not waiting for an answer right now, so it was not used."
        case Reason.ROLE_UNCLEAR:
            return "That does not read like a role. Try something like “Data Engineer”."
        case Reason.CHOICE_UNCLEAR:
            return "That is not one of the choices. Please pick one, or skip."
        case Reason.TYPE_IT:
            return "The interview has not begun. Please type this, or choose Start now."
        case Reason.EMPTY:
            return "I could not find any text in that. Please send it again."
        case Reason.NOT_AUDIO:
            return "That file is not a recording. Send a voice note or an audio file, or type."
        case Reason.ENOUGH_NOTES:
            return "That is as many notes as one answer can have. I am working on those I have."
        case Reason.ENOUGH_TAKES:
            return "That is as many tries as one question can have. Go on to the next one."
        case Reason.OLD_CONTROL:
            return "That button is from an earlier step."
        case Reason.STALE:
            return None


# History


def session_line(line: SessionLine) -> str:
    title = f"{line.role} at {line.company}" if line.company else line.role
    ending = {Ending.OPEN: " · open", Ending.STOPPED: " · stopped", Ending.FINISHED: ""}
    return f"{day(line.started_at)} · {title} · {line.answered} answered{ending[line.ending]}"


def day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d %b %Y").lstrip("0")


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
