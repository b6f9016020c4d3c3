"""Remarks are on an answer, never on the person: accent, voice, feelings, character, looks, origin.

A list of words and the company they keep, which other words escape. What is of the candidate's
field is taken out first (“confidence interval”, “health check”, “race condition”, “emotion
detection model”, “the customer's voice”). What then remains of the words below is taken for a
remark on the person. Such a remark is worth less than nothing, so a good point that is lost now
and then is the lesser harm.
"""

import re

_OTHERS = (
    r"(?:the|a|an|their|his|her|our)?\s*\b(?:customer|client|user|patient|student|pupil|child|guest"
    r"|caller|colleague|team|stakeholder|investor|manager|parent|candidate|employee|people|someone"
    r"|public|buyer|shopper|learner|resident|relative|famil)(?:ie)?s?(?:['’]s?)?"
)
_FIELD = re.compile(
    r"\bconfidence (?:intervals?|levels?|scores?|bounds?|bands?|limits?|thresholds?|region)\b"
    r"|\b(?:model|statistical|prediction|consumer|business|market|public|low|high|95\s?%|\d+\s?%)"
    r"(?:['’]s)? confidence\b(?! (?:in yourself|of yours))"
    r"|\bconfiden(?:ce|t) (?:in|that|about) (?!your\b|yourself|how you|speaking)"
    r"|\b(?:health|sanity) ?(?:checks?|probes?|endpoints?|metrics?|dashboards?|status)\b"
    r"|\bhealth ?(?:care|insurance|services?|systems?|records?|data|apps?|tech|visitors?|plans?"
    r"|policy|education|workers?|and safety|outcomes?|sector|authority|score)\b"
    r"|\b(?:public|mental|system|service|account|pipeline|cluster|data|code|team|business|customer"
    r"|financial|patient) health\b"
    r"|\b(?:race|data race|traffic race) conditions?\b|\bdata races?\b|\brace detector\b"
    r"|\b(?:emotion|facial|face|voice|speech|sentiment|age|gender|accent) (?:detection|recognition"
    r"|classification|classifier|analysis|analytics|model\w*|estimation|prediction|dataset|data)\b"
    r"|\bvoice (?:assistants?|notes?|messages?|mails?|over\w*|calls?|bots?|interfaces?|users?|apps?"
    r"|agents?|channels?|ui|commands?|of the customer)\b"
    r"|\b(?:active|passive|brand|customer|editorial|product) voice\b"
    r"|\bvoice (?:your|an?|the|their|his|her) (?:concerns?|opinions?|disagreement|objections?)\b"
    r"|\bpronunciation (?:model|dictionar\w+|lexicon|app|feature|lessons?|exercises?)\w*"
    r"|\baccent (?:colou?rs?|walls?|marks?|lighting)\b"
    r"|\b(?:gender|age|ethnicity|race|nationality) (?:pay )?(?:gaps?|bias(?:es)?|groups?|brackets?"
    r"|columns?|fields?|distribution|variables?|features?|equality|diversity)\b"
    r"|\bpersonality (?:test|quiz|disorder|model)s?\b|\bbrand personality\b"
    r"|\b(?:nervous) system\b|\b(?:emotional|anxiety|eating) (?:support|disorders?|intelligence)\b"
    r"|\b(?:visual|physical|product|site|page|brand) appearance\b|\bappearance of\b"
    rf"|{_OTHERS}\s+(?:\w+\s+){{0,2}}?(?:confidence|emotions?|feelings|anger|anxiety|voices?|health"
    r"|appearance|personality|passion|enthusiasm|accents?|age|gender|nervousness|confident|anxious"
    r"|nervous|upset|calm)\b"
    rf"|\b(?:anxious|nervous|angry|upset|emotional|passionate|enthusiastic|shy)\s+{_OTHERS}",
    re.IGNORECASE,
)
_PERSON = re.compile(
    # how it sounded
    r"\baccent(?:s|ed)?\b|\bpronunc\w+|\b(?:mis)?pronounc\w+|\benunciat\w+|\bdiction\b"
    r"|\bintonation\b|\bmonoton\w+|\bmumbl\w+|\bvoices?\b|\bvocal(?:ly|s)?\b|\byour tone\b"
    r"|\btone of voice\b|\bnative[- ]speaker\w*|\bnon-native\b|\byour (?:english|grammar)\b"
    r"|\bbroken english\b|\bhusky\b|\bshrill\b|\bpitch of\b|\bhigh-pitched\b"
    # what was felt, and what somebody is like
    r"|\bnervous\w*|\banxi(?:ous\w*|et(?:y|ies))\b|\bemotion\w*|\bfeelings?\b"
    r"|\b(?:self-?)?confiden(?:ce|t|tly)\b|\bself-(?:esteem|assured|doubt)\w*|\bunconfident\b"
    r"|\benthusias\w+|\bpassion(?:ate\w*)?\b|\bcharisma\w*|\bcharm(?:ing)?\b|\blik(?:e)?able\b"
    r"|\bpersonalit(?:y|ies)\b|\bintrover\w+|\bextrover\w+|\bextraver\w+|\btemperament\w*"
    r"|\barrogan\w+|\bshy(?:ness)?\b|\btimid\w*|\blaz(?:y|iness)\b|\bcocky\b|\bstupid\w*"
    r"|\b(?:natural(?:[- ]born)?|born) (?:leader|talent|communicator|storyteller|speaker)\b"
    r"|\b(?:smart|intelligent|clever|brilliant|gifted|talented|nice|kind|decent|humble|modest)"
    r" (?:person|man|woman|guy|girl|boy|human being|individual)\b"
    r"|\bgood family\b"
    # looks
    r"|\byou have (?:(?:such|an?|the|very|really) ){0,3}(?:\w+ )?(?:face|smile|hair|eyes)\b"
    r"|\bappearance\b|\battractive(?:ness)?\b|\bgood[- ]looking\b|\bhandsome\b|\bbody language\b"
    r"|\beye contact\b|\bfacial\b|\bposture\b"
    r"|\byour (?:looks?|face|smile|hair|skin|clothes|outfit|eyes|weight|body|age|gender|sex"
    r"|sexuality|race|ethnicity|nationality|religion|faith|culture|origins?|country|homeland"
    r"|mother tongue|first language|native language|health|illness|disability|disorder|condition"
    r"|pregnancy|stress)\b"
    # age, sex, origin, health
    r"|\b(?:too|so|very|quite|rather) (?:old|young)\b|\b(?:for|at) your age\b|\byouthful\b"
    r"|\b(?:older|younger|young|old|female|male|foreign|disabled)"
    r" (?:candidate|person|applicant|man|woman|speaker)s?\b|\bas an? (?:\w+ )?(?:woman|man|mother"
    r"|father|girl|boy|female|male|foreigner|immigrant|muslim|christian|jew|hindu)\b"
    r"|\b(?:feminine|masculine|ladylike|womanly|manly)\b|\bethnicit\w+|\bnationality\b"
    r"|\bwhere you(?:['’]re| are| come)? from\b|\bforeigners?\b|\bimmigrants?\b"
    r"|\b(?:stutter|stammer)\w*|\blisp\b|\byou(?:['’]re| are| seem| sound| look| may be| must be) "
    r"(?:\w+ ){0,2}(?:ill|sick|unwell|pregnant|autistic|dyslexic|disabled|depressed)\b",
    re.IGNORECASE,
)
# How somebody comes across: "you sound tense", "try to seem calmer", "you were a bit shy".
_IMPRESSION = re.compile(
    r"\b(?:you(?:['’]re)?|(?:to|and|not|you(?:['’]d)?) (?:\w+ )?(?:sound|seem|appear|look|feel|come"
    r" across)|(?:sound|seem|appear|look|come across|came across)(?:s|ed|ing)?)"
    r"(?: (?:are|were|was|felt|feel|sound|sounded|seem|seemed|appear|appeared|look|looked|come|came"
    r"|across|as|a|an|bit|little|too|very|rather|quite|more|less|so|really|somewhat|slightly|like"
    r"|if|you|both|and|not|stay|stayed|get|got)){0,6}"
    r" (?:calm(?:er)?|tense|stressed|upset|angry|sad|happ(?:y|ier)(?! with)|excited|bored|tired"
    r"|hesitant|unsure|uncertain|insecure|relaxed|cheerful|friendl(?:y|ier)|unfriendly|cold|warm(?:er)?"
    r"|worried|afraid|scared|frustrated|defensive|aggressive|energetic|lively|livelier|flat|immature"
    r"|young|old|foreign|assertive|panicked|overwhelmed|disinterested|uninterested)\b",
    re.IGNORECASE,
)


def is_fair(text: str) -> bool:
    """Whether `text` says nothing of the person who answered."""
    rest = _FIELD.sub(" … ", text)
    return not (_PERSON.search(rest) or _IMPRESSION.search(rest))
