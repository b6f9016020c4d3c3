"""Every sentence a person reads, in one place; how it looks is each adapter's business."""

from datetime import UTC, datetime

from bot.brief import (
    DESCRIPTION_LIMIT,
    Brief,
    Detail,
    Extra,
    Focus,
    Mode,
    is_text_full,
    seniority_of,
)
from bot.coaching import (
    LEVELS,
    Checklist,
    Delivery,
    Review,
    Reviewer,
    Star,
    Unscorable,
)
from bot.coaching_words import measure_line, measure_value
from bot.delivery import Measure, readings
from bot.events import Control, Move
from bot.gate import FEWEST_WORDS
from bot.history import AnswerRecord, Ending, SessionLine, SessionRecord
from bot.interview import ANSWER_SECONDS, PREPARE_SECONDS, Panel, Reason, Stage
from bot.linking import LINK_LASTS, Joined
from bot.problems import Fault, Problem, ProblemKind
from bot.questions import DIMENSIONS, anchor, dimension_title
from bot.scoresheet import ScoreSheet
from bot.screens import (
    FeedbackScreen,
    Place,
    QuestionScreen,
    RatingScreen,
    ReadyScreen,
    Screen,
    SetupScreen,
    StuckScreen,
    SummaryScreen,
    UnscoredScreen,
    WrappingUpScreen,
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
    "practice": "One question on what needs it most",
    "progress": "See how you are getting better",
    "history": "Read past interviews and hear your answers",
    "link": "Join your histories of two apps",
    "unlink": "Part your joined histories again",
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
    "/interview Nurse, real — against the clock, all feedback at the end\n"
    "/practice — one question on what needs it most\n"
    "/progress — how you are getting better\n"
    "/history — past interviews, with your own recordings, and as files\n"
    "/link — join your history here with that of another app\n"
    "/cancel — stop at any moment\n\n"
    "Answer each question with a voice note, or type if you cannot speak. Several notes in a row "
    "are one answer. Scores rest on your own words, and an answer that cannot be judged fairly is "
    "not scored."
)
NO_PRACTICE = (
    "I do not know yet what to practise: finish an interview with scores first. "
    "/interview starts one."
)
NO_PROGRESS = "Nothing to compare yet. /interview starts your first interview."
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
READY = "Against the clock"
RESTS_ON = "This rests on"
ANSWER_BY_REPLY = "Reply to this message with a voice note, or in writing."
SETUP_BY_REPLY = "Reply to this message to type."
ANSWER_MORE = "Another note is another try."
MODEL_IS = "Only your own facts; [brackets] are yours to fill."
RATE_IT = "How good was it? 1 is weak, 5 is strong."
RATE_FIRST = "Your feedback is ready. First: how good was your answer, from 1 to 5?"
CORRECT_IT = "Type what you really said, whole. It is judged instead of what was heard."
CORRECT_HERE = (
    "Type what you really said, whole; in a server, with /answer. It is judged instead of what was "
    "heard."
)
CORRECTION = "What you really said"
GOES_ON = "It goes on"
CORRECTED = "As you put it right"
COMPARED = "Against your last try"
PICTURE = "Picture"
SAVE = "Save as a file"
EACH_ANSWER = "Each answer"
MY_PROGRESS = "My progress"
SENT_IN_PRIVATE = "Sent to you in private."
OUR_PRIVATE_CHAT = "Our private chat"
OPEN_PRIVATE = "That is for you alone. Open our private chat, and ask there."
PRACTISE_NEXT = "Practise next"
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
        "/practice — one question on what needs it most\n"
        "/progress — how you are getting better\n"
        "/history — past interviews, with your own recordings, and as files\n"
        "/link — join your history here with that of another app\n"
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
        case Detail.MODE:
            return (
                "How shall we practise? Coach gives feedback after each answer. Real is one try "
                "against the clock, with all the feedback at the end."
            )
        case Detail.EXTRAS:
            return "Anything else? Tap to switch, then go on."
        case Detail.DESCRIPTION:
            return _ask_text(screen, "job description", screen.brief.description)
        case Detail.CV:
            return _ask_text(screen, "CV", screen.brief.cv)
        case Detail.SKILLS:
            return "Which skills should come up? Type them with commas between."


def _ask_text(screen: SetupScreen, what: str, text: str) -> str:
    if screen.reading is not None:
        return "Reading your document…"
    if is_text_full(text):
        return f"I kept the first {DESCRIPTION_LIMIT:,} characters of the {what}."
    if text:
        return f"Got {len(text):,} characters of the {what}. Send more, or go on."
    return f"Paste the {what}, or send it as a text, PDF or DOCX file."


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
    lines.append(f"{count(brief.count, 'question')}, {brief.kind}")
    if brief.practise:
        lines.append(f"To practise: {dimension_title(brief.practise)}")
    if brief.mode is Mode.REAL:
        lines.append("Real: one try against the clock, feedback at the end")
    elif brief.rate_first:
        lines.append("You rate each answer first")
    if brief.description:
        lines.append(f"Job description: {len(brief.description):,} characters")
    if brief.cv:
        lines.append(f"CV: {len(brief.cv):,} characters")
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
            return "Begin" if isinstance(screen, ReadyScreen) else "Start now"
        case Move.CHOOSE if isinstance(screen, SetupScreen) and screen.detail is Detail.EXTRAS:
            return _extra(Extra(control.argument.partition("=")[2]), screen.brief)
        case Move.CHOOSE:
            value = control.argument.partition("=")[2]
            return value[:1].upper() + value[1:]
        case Move.SKIP:
            return "Go on" if isinstance(screen, SetupScreen) and _is_given(screen) else "Skip"
        case Move.BACK:
            return "Back"
        case Move.NEXT:
            if isinstance(screen, FeedbackScreen) and screen.follow_up:
                return "Follow-up question"
            ends = isinstance(screen, (FeedbackScreen, UnscoredScreen)) and screen.last
            return "Finish" if ends else "Next question"
        case Move.AGAIN:
            return "Try again"
        case Move.RETRY:
            return "Retry now"
        case Move.PASS:
            match screen:
                case QuestionScreen():
                    return "Skip question"
                case RatingScreen():
                    return "Just show it"
                case _:
                    return "Go on without it"
        case Move.RATE:
            return control.argument.partition("=")[2]
        case Move.OPEN:
            panel = Panel(control.argument.partition("=")[2])
            is_open = isinstance(screen, FeedbackScreen) and screen.opened is panel
            return f"Hide {_PANELS[panel].lower()}" if is_open else _PANELS[panel]
        case Move.MISHEARD:
            return "I was misheard"
        case Move.STOP:
            return "Cancel" if isinstance(screen, SetupScreen) else "Stop"


_PANELS = {
    Panel.MODEL: "Model answer",
    Panel.MEASURES: "Delivery",
    Panel.SCORES: "What the scores mean",
}


def _extra(extra: Extra, brief: Brief) -> str:
    match extra:
        case Extra.FOLLOW_UPS:
            return f"{'☑' if brief.follow_ups else '☐'} Follow-up questions"
        case Extra.RATE_FIRST:
            return f"{'☑' if brief.rate_first else '☐'} I rate myself first"


def _is_given(screen: SetupScreen) -> bool:
    """Whether leaving the step leaves nothing out."""
    match screen.detail:
        case Detail.DESCRIPTION:
            return bool(screen.brief.description)
        case Detail.CV:
            return bool(screen.brief.cv)
        case detail:
            return detail is Detail.EXTRAS


# Questions and answers


def ready_lines(screen: ReadyScreen) -> tuple[str, ...]:
    return (
        f"{count(screen.questions, 'question')}, one try at each, as in a recorded interview.",
        f"You have {PREPARE_SECONDS:.0f} seconds to prepare and {clock(ANSWER_SECONDS)} to answer.",
        "The next question comes at once, and all the feedback at the end.",
        "Press Begin when you are somewhere quiet.",
    )


def clock_line(screen: QuestionScreen) -> str | None:
    """Where the clock is; None where there is none."""
    match screen.stage:
        case Stage.PREPARING:
            ready = f"{PREPARE_SECONDS:.0f} seconds to prepare"
            return f"{ready}, then {clock(ANSWER_SECONDS)} to answer. You may start early."
        case Stage.ANSWERING:
            return f"Answer now: {clock(ANSWER_SECONDS)}, one try."
        case Stage.OVER:
            return "The time is over. Send what you have, or skip the question."
        case None:
            return None


def clock_turns(screen: QuestionScreen) -> str | None:
    """What comes when the stage is over, said before a time; None where nothing does."""
    match screen.stage:
        case Stage.PREPARING:
            return "Your time to answer begins"
        case Stage.ANSWERING:
            return "Your time ends"
        case Stage.OVER | None:
            return None


def focus_line(focus: Focus | None) -> str | None:
    """What of the job description and the CV the questions are about."""
    if focus is None:
        return None
    return f"From your material: {', '.join((*focus.skills, *focus.themes))}"


def practise_lines(brief: Brief) -> tuple[str, ...]:
    """The dimension that a question is to train, and what an answer is like that has it all."""
    if brief.practise not in DIMENSIONS:
        return ()
    title = dimension_title(brief.practise)
    return (f"To practise: {title}", f"5/5: {anchor(brief.practise, LEVELS[-1])}")


def rating_line(screen: FeedbackScreen) -> str | None:
    """The person's own rating, beside the score where there is one."""
    return own_rating(screen.rating, screen.review)


def own_rating(rating: int | None, review: Review | None) -> str | None:
    if rating is None:
        return None
    levels = [score.level for score in review.scores] if review is not None else []
    if not levels:
        return f"You rated it {rating}/5."
    mean = sum(levels) / len(levels)
    return f"You rated it {rating}/5; the mean score is {mean:.1f}."


def panel_title(panel: Panel) -> str:
    return _PANELS[panel]


def panel_lines(screen: FeedbackScreen) -> tuple[str, ...]:
    """What is behind the panel that is open; empty where none is."""
    match screen.opened:
        case Panel.MODEL:
            return (screen.review.better, MODEL_IS)
        case Panel.MEASURES if screen.delivery is not None:
            return tuple(measure_line(reading) for reading in readings(screen.delivery))
        case Panel.SCORES:
            return tuple(
                f"{dimension_title(score.dimension)} {score.level}/5: "
                f"{anchor(score.dimension, score.level)}"
                for score in screen.review.scores
            )
        case _:
            return ()


def wrapping_up(screen: WrappingUpScreen, now: float) -> str:
    if screen.problem is None:
        return f"All questions are asked. Feedback: {screen.done} of {screen.answers} ready…"
    waits = "" if screen.until is None else f" I try again {_in_seconds(screen.until - now)}."
    return (
        f"{screen.done} of {screen.answers} answers are worked through; a service that the others "
        f"need is not answering. Your recordings are kept.{waits}"
    )


def heading(place: Place) -> str:
    again = f" · take {place.take}" if place.take > 1 else ""
    follows = " · follow-up" if place.follows else ""
    return f"Question {place.number} of {place.of}{follows}{again}"


def late(seconds: float) -> str:
    """How long after the time to answer was over the answer came."""
    return f"{clock(seconds)} over time"


def past_heading(answer: AnswerRecord, record: SessionRecord) -> str:
    """Which answer of a past interview this is, and whether it came too late."""
    follows = answer.question.follows
    place = heading(Place(answer.number, record.brief.count, answer.take, follows))
    return f"{place} · {late(answer.late)}" if answer.late else place


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
    if screen.deferred:
        return "Measured for now. The feedback on your words comes at the end, all at once."
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
        case Unscorable.LANGUAGE:
            return "Not scored: this does not read like English, which this interview is in."
        case Unscorable.ECHO:
            return "Not scored: this gives back the question. Say what you did or would do."
        case Unscorable.OFF_TOPIC:
            return "Not scored: this does not answer the question."
        case Unscorable.UNBACKED:
            return (
                "Not scored: the feedback that came back did not rest on your own words, so it is "
                "not shown. Try again, perhaps with more detail."
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
    sheet = screen.sheet
    lines = [f"{sheet.answered} of {count(sheet.questions, 'question')} answered"]
    if screen.words:
        lines.append(f"{count(screen.words, 'word')} in all")
    if screen.speaking:
        lines.append(f"{clock(screen.speaking)} of speech")
    pace = next((r for r in sheet.readings if r.measure is Measure.PACE), None)
    if pace is not None and pace.value is not None:
        lines.append(f"{measure_value(pace)} on average")
    return tuple(lines)


def overall_line(sheet: ScoreSheet) -> str | None:
    """The overall level and what weighs in it; None without any score."""
    if sheet.overall is None:
        return None
    rated = "" if sheet.rating is None else f" · you rated yourself {sheet.rating:.1f}"
    return f"Overall {sheet.overall:.1f}/5, by what counts most in this role{rated}"


def summary_next() -> str:
    return "/history shows every answer again. /interview starts the next one."


def stopped(answered: int) -> str:
    if answered == 0:
        return "Stopped. /interview starts a new one."
    return f"Stopped. {count(answered, 'answer')} kept in /history. /interview starts a new one."


# Two apps, one history


def link_code(code: str) -> str:
    minutes = round(LINK_LASTS / 60)
    return (
        f"Your code: {code}\nSend it in the other app as /link {code}, within {minutes} minutes. "
        "Your histories are then one. Show it to nobody: who has it can read your history."
    )


def joined(outcome: Joined) -> str:
    match outcome:
        case Joined.LINKED:
            return "Done: both histories are one now. /unlink parts them again."
        case Joined.UNKNOWN:
            return "That code is not valid, or no longer. /link in the other app gives a new one."
        case Joined.SAME_PERSON:
            return "That is your own code of this app. Send it in the other one."
        case Joined.ALREADY:
            return "These histories are one already. /unlink parts them."
        case Joined.TOO_MANY_TRIES:
            return "Too many wrong codes. Wait ten minutes, then try again."


def unlinked(*, parted: bool) -> str:
    if parted:
        return "Done: each app shows only its own history again."
    return "This history is not joined with any other."


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
        case Reason.PRESS_START:
            return "The clock has not started. Press Begin when you are ready."
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


def time_of_day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("at %H:%M:%S UTC")


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
