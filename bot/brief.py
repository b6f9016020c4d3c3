"""What an interview is about: cleaned, bounded, and readable out of one line of text."""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

LINE_LIMIT = 400
ROLE_LIMIT = 120
NAME_LIMIT = 80
DESCRIPTION_LIMIT = 20_000
SKILLS_LIMIT = 20
QUESTION_COUNTS = (3, 5, 8)


class Kind(StrEnum):
    BEHAVIOURAL = "behavioural"
    TECHNICAL = "technical"
    MIXED = "mixed"


class Mode(StrEnum):
    """`coach`: feedback after each answer. `real`: against the clock, all of it at the end."""

    COACH = "coach"
    REAL = "real"


class Detail(StrEnum):
    """What the set-up asks for, in its order."""

    ROLE = "role"
    COMPANY = "company"
    SENIORITY = "seniority"
    KIND = "kind"
    COUNT = "count"
    MODE = "mode"
    EXTRAS = "extras"
    DESCRIPTION = "description"
    CV = "cv"
    SKILLS = "skills"


class Seniority(StrEnum):
    INTERN = "intern"
    JUNIOR = "junior"
    MID = "mid-level"
    SENIOR = "senior"
    LEAD = "lead"
    MANAGER = "manager"


class Extra(StrEnum):
    """What can be switched on and off."""

    FOLLOW_UPS = "follow_ups"
    RATE_FIRST = "rate_first"


@dataclass(frozen=True, slots=True)
class Focus:
    """What of the job description and the CV matters, in short phrases."""

    skills: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """`practise`: the one dimension of the rubric that the interview is to train, if any."""

    role: str = ""
    company: str = ""
    seniority: Seniority | None = None
    kind: Kind = Kind.MIXED
    count: int = 5
    description: str = ""
    skills: tuple[str, ...] = ()
    mode: Mode = Mode.COACH
    follow_ups: bool = True
    rate_first: bool = False
    cv: str = ""
    practise: str = ""


def is_text_full(text: str) -> bool:
    """Whether a text is as long as is kept; what was cut off may have ended in white space."""
    return len(text) >= DESCRIPTION_LIMIT - 2


_SENIORITY_SIGNS = (
    (re.compile(r"\b(?:intern|internship|trainee)\b", re.IGNORECASE), Seniority.INTERN),
    (re.compile(r"\b(?:junior|jr|graduate)\b", re.IGNORECASE), Seniority.JUNIOR),
    (re.compile(r"\bmid(?:-?level)?\b", re.IGNORECASE), Seniority.MID),
    (re.compile(r"\b(?:director|vp|head of)\b", re.IGNORECASE), Seniority.MANAGER),
    (re.compile(r"\bprincipal\b|\blead\b(?! generation)", re.IGNORECASE), Seniority.LEAD),
    (re.compile(r"\b(?:senior|sr)\b", re.IGNORECASE), Seniority.SENIOR),
)
_COUNT = re.compile(r"(\d{1,3})(?:[\s-]*questions?)?", re.ASCII)
_JOINTS = re.compile(r"[\s\-‐‑‒–]+")  # what may stand between the parts of an option, or not


def clean_line(text: str, limit: int) -> str:
    """One line without control characters or runs of space, at most `limit` characters."""
    return " ".join(_visible(text, keep="").split())[:limit].strip()


def clean_text(text: str, limit: int) -> str:
    """The same for text of several lines; no more than one empty line in a row."""
    lines = (" ".join(line.split()) for line in _visible(text, keep="\n").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:limit].strip()


def clean_role(text: str) -> str | None:
    """A role that somebody could be interviewed for, or None: it has two letters or more."""
    role = clean_line(text, ROLE_LIMIT)
    return role if sum(character.isalpha() for character in role) >= 2 else None  # noqa: PLR2004 - said above


def clean_skills(text: str) -> tuple[str, ...]:
    """Skills from a list with commas, semicolons or lines between; no repeats."""
    named = (clean_line(part, NAME_LIMIT) for part in re.split(r"[,;\n•]", text))
    return tuple(dict.fromkeys(skill for skill in named if skill))[:SKILLS_LIMIT]


def seniority_of(role: str) -> Seniority | None:
    """What the role's own words say of seniority ("Senior Data Engineer")."""
    return next((level for sign, level in _SENIORITY_SIGNS if sign.search(role)), None)


def read_brief(text: str) -> Brief | None:
    """A brief from one line such as "Senior Backend Engineer at Spotify, 3 questions, technical".

    Options between commas, in any case, with hyphens, spaces or neither: a number of questions (one
    that is not on offer becomes the nearest that is), a kind, "real" or "coach", "follow-ups" or
    "no follow-ups", "rate first". Where nothing else is named, "coach" is the role. None when no
    role can be read from it.
    """
    parts = [part.strip() for part in clean_line(text, LINE_LIMIT).split(",")]
    named: list[str] = []
    brief = Brief()
    for part in parts:
        chosen = _with_option(brief, part.lower())
        if chosen is not None:
            brief = chosen
        elif part:
            named.append(part)
    coaches = [part for part in parts if part.lower() == Mode.COACH]
    named = named or coaches[:1]
    role_text, company = _split_company(", ".join(named))
    role = clean_role(role_text)
    if role is None:
        return None
    return replace(brief, role=role, company=company, seniority=seniority_of(role))


def _with_option(brief: Brief, option: str) -> Brief | None:
    """`brief` with what `option` chooses; None where it is no option."""
    counted = _COUNT.fullmatch(option)
    if counted:
        wanted = int(counted[1])
        offered = min(QUESTION_COUNTS, key=lambda count: abs(count - wanted))
        return replace(brief, count=offered)
    match _JOINTS.sub("", option).removesuffix("questions"):
        case "behavioural" | "behavioral":
            return replace(brief, kind=Kind.BEHAVIOURAL)
        case "technical":
            return replace(brief, kind=Kind.TECHNICAL)
        case "mixed":
            return replace(brief, kind=Kind.MIXED)
        case "real":
            return replace(brief, mode=Mode.REAL)
        case "coach":
            return replace(brief, mode=Mode.COACH)
        case "followup" | "followups":
            return replace(brief, follow_ups=True)
        case "nofollowup" | "nofollowups":
            return replace(brief, follow_ups=False)
        case "ratefirst":
            return replace(brief, rate_first=True)
        case _:
            return None


def _split_company(text: str) -> tuple[str, str]:
    parts = re.split(r"\s+(?:at|@)\s+", text, flags=re.IGNORECASE)
    if len(parts) == 1:
        return text, ""
    return " at ".join(parts[:-1]), clean_line(parts[-1], NAME_LIMIT)


def _visible(text: str, keep: str) -> str:
    """Without control and direction-override characters; marks and joiners of real text stay."""
    return "".join(
        character if character in keep or not _is_hidden(character) else " " for character in text
    )


def _is_hidden(character: str) -> bool:
    return character in _HIDDEN or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")


# Overrides and isolates can make a card show something other than it says; blanks and fillers
# pass for text where nothing is to be seen.
_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BLANK = "\u00ad\u115f\u1160\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0"
_HIDDEN = frozenset(_DIRECTION + _BLANK)
