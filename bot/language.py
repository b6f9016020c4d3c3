"""Whether a text is in English, told by the small words that a language cannot do without.

A text is taken for English unless something speaks against it, so that a terse answer of names and
technical terms is not one in another language. Any of these speaks against it:

- Most of its letters are of another script than Latin.
- Words of one other language stand in it: `LEAST_FOREIGN` of them (and two different ones) or more,
  at least `FOREIGN_SHARE` of its words, and more than there are words that are English alone.
  Counted are the small words below, none of which is English too, and words with a letter that
  English lacks. In a text that has small letters, a word with a capital is left out: it may be a
  name.
- More than half of its words cannot be said: four letters or more and no vowel, five consonants in
  a row, the same letter throughout, or a run along a row of the keyboard.

Measured on `tests/data`, the last twenty lines of each file written after the rule: of 104 English
answers that are terse, technical, learners' or full of names, and of the question bank's texts of
two words and more, none is refused. Of 88 others, in 39 languages, Latin filler and nonsense, 7
pass: they are in languages not listed here, very short, or nonsense that can be said. (py3langid, a
model of 93 MB in memory, was measured beside it: trusted from 99.99 % on, it refuses 5 of these
English answers and passes 14 of the others.)
"""

import re
import unicodedata
from collections import Counter

from bot.words import split_words, word_set

LEAST_FOREIGN = 3
FOREIGN_SHARE = 0.15
UNSAID_SHARE = 0.5
FOREIGN_SCRIPT_SHARE = 0.5


_ENGLISH = word_set(
    """
    the and that with this they you from have were because my it it's its i'm i've i'd i'll what
    when which who how our their them your there then would could should been not don't didn't
    wasn't isn't couldn't can't but about into after before if only some any other just very than
    those these where while being did does done get got make made know think said say first we're
    we've they're he's she's by for at are has him his her she us one out up down through until
    without every each both more most much many always never again them myself why whether
    """
)
# Without accents, in small letters, and without what is an English word too ("die", "come", "van").
_FOREIGN = {
    "Czech": word_set("jsem jsme se na je ze byl bylo jako tak kdyz nebo jeho pomoci aby pak jsi"),
    "Dutch": word_set(
        "de het een en ik niet dat voor maar zijn aan ook bij naar heb hebben om te mijn ons"
        " uit wordt deze dit hij"
    ),
    "Filipino": word_set(
        "ang ng sa ko na ay mga ako hindi kami namin para nang ito nito kasi yung po"
    ),
    "Finnish": word_set(
        "ja se ei etta oli mutta kun niin koska minun olen sen tama avulla hanen meidan"
    ),
    "French": word_set(
        "le la les des du et est je j'ai une pas que qui avec dans sur mais nous vous il elle"
        " c'est au aux mon ma mes ce cette avons etait tout moi peut ils l'ai ont ete"
    ),
    "German": word_set(
        "und ich der das nicht mit ist wir ein eine einen einem auf fur von zu haben hatte"
        " hatten aber wenn dem mich sie dann noch auch sich wie oder wurde wurden bei nach"
        " mein meine meinem unser als vor mir uns habe wird zum zur dass weil doch einmal"
    ),
    "Hindi": word_set(
        "hai hain ki ka ke ko mein maine aur nahi nahin tha thi kya bhi hum ne kar karna kiya"
        " mera mere meri woh wo yeh ye phir fir usko usse bahut lekin toh hota raha rahe rahi"
        " saath pehle liye apne apna jo kuch sab sabse mujhe hua gaya koi aap se baat hota"
        " wala"
    ),
    "Hungarian": word_set("az es hogy nem egy meg ezt mert csak azt vagy kell lehet majd"),
    "Indonesian": word_set(
        "yang dan saya di ke dari untuk dengan tidak ini itu adalah kami dalam akan pada juga"
        " menjadi bisa dulu paling karena sudah"
    ),
    "Italian": word_set(
        "il lo la gli le di che con si ho abbiamo sono del della nel nella anche piu questo"
        " questa cosa mio mia una un avuto perche quando dopo hanno"
    ),
    "Latin": word_set("et sed dolor ut amet quod cum ipsum lorem elit labore est enim aut"),
    "Polish": word_set(
        "nie sie jest na ze jak przez od dla czy tak oraz potem trzeba mam najpierw jego"
        " bylo byl ktory bardzo"
    ),
    "Portuguese": word_set(
        "uma que nao com eu ele ela mas foi da dos das na se meu minha isso quando"
        " porque mais muito acho para por de em gente teve tudo pela pelo ao nosso"
    ),
    "Romanian": word_set("si nu este cu la de pe un pentru mai fost sa dar ce ca intr"),
    "Russian": word_set(
        "ya eto chto na ne kak moy nado potom bylo byl ochen snachala kogda esli dlya ili"
        " menya tak vse mne nas eto ona"
    ),
    "Scandinavian": word_set(
        "jag jeg och og att det som ett inte ikke pa med har til av hade mig vart"
        " sa och en den vil skal"
    ),
    "Spanish": word_set(
        "el la los las que en una por para con pero mi yo se lo del como fue muy nos le su"
        " cuando porque creo es de hay esta este le un"
    ),
    "Swahili": word_set("na ya wa kwa ni katika hii yake wake lakini sana mimi ili kama yangu"),
    "Turkish": word_set("ve bir bu icin ile da cok ama sonra gibi daha olarak bence sey en"),
    "Vietnamese": word_set("toi cua va la khong nhung trong cho cac mot nguoi duoc voi"),
}
_LANGUAGES_OF = {
    word: tuple(language for language, words in _FOREIGN.items() if word in words)
    for word in frozenset().union(*_FOREIGN.values())
}
_LETTER = re.compile(r"[^\W\d_]")
_ACCENTED = re.compile(r"[^\W\d_a-zA-Z]")
_UNSAID = re.compile(
    r"[^aeiouy'+#\d]{4,}|.*[bcdfghjklmnpqrstvwxz]{5}.*|(\w)\1{2,}"
    r"|[asdfghjkl]*(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|lkjh|kjhg|jhgf|hgfd|gfds|fdsa)[asdfghjkl]*"
    r"|(?:qwer|wert|ertz|rtzu|rtyu|tyui|yuio|uiop|poiu|oiuy|iuyt|uytr|trew|rewq)\w{0,3}"
    r"|(?:asd|jkl|sdf|dfg|fgh|ghj|hjk|lkj|kjh)"
)


def is_english(text: str) -> bool:
    if _is_foreign_script(text):
        return False
    written = [text[token.start : token.end] for token in split_words(text)]
    words = [word for word in written if _LETTER.search(word)]
    if not words:
        return True
    unsaid = sum(word.islower() and bool(_UNSAID.fullmatch(word)) for word in words)
    return unsaid <= UNSAID_SHARE * len(words) and not _has_foreign_words(words)


def _is_foreign_script(text: str) -> bool:
    if text.isascii():
        return False
    letters = Counter(_LETTER.findall(text))
    foreign = sum(
        count
        for letter, count in letters.items()
        if not unicodedata.name(letter, "").startswith("LATIN")
    )
    return foreign > FOREIGN_SCRIPT_SHARE * letters.total()


def _has_foreign_words(words: list[str]) -> bool:
    english = sum(word.casefold().replace("’", "'") in _ENGLISH for word in words)
    small = [word for word in words if word.islower()] or [word.casefold() for word in words]
    counts, different = Counter[str](), Counter[str]()
    for word, count in Counter(small).items():
        accented = _ACCENTED.search(word) is not None
        for language in _FOREIGN if accented else _LANGUAGES_OF.get(_plain(word), ()):
            counts[language] += count
            different[language] += 1
    least = max(LEAST_FOREIGN, FOREIGN_SHARE * len(words), english + 1)
    return any(count >= least and different[language] > 1 for language, count in counts.items())


def _plain(word: str) -> str:
    """In the form of the lists above."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.replace("’", "'"))
    return "".join(character for character in apart if not unicodedata.combining(character))
