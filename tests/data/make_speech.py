"""Makes the recordings in `tests/data/speech` and what is true of them, with eSpeak NG's library.

Run it from the repository's root: `python -m tests.data.make_speech`. It needs libespeak-ng 1.51
and the command `espeak-ng`; the tests need neither. Fillers, hedges and repetitions were counted by
hand. Times are those of the synthesiser's word events and of the silences put between phrases.
"""

import ctypes
import ctypes.util
import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "speech"
BIT_RATE = 20_000
LEVEL = 0.1  # RMS of the speech, of full scale
END = 0.4  # seconds of silence after the last word
JOINED_GAP = 0.3  # seconds; a shorter gap counts as speech, as it does in `adapters.audio`
LONG_GAP = 1.0  # seconds; a pause
QUIET = 0.02  # of the loudest sample, under which a phrase has not begun or has ended
FILLER_PART = re.compile(r"(?:um|uh|er|erm)[,.…]?", re.IGNORECASE)

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Script:
    """`parts`: phrases, each said in one go, and seconds of silence.

    `pace` is eSpeak's setting; `noise` and `hum` lie that many dB under the speech; `gain` is what
    the whole is multiplied by before it is cut off at full scale.
    """

    name: str
    voice: str
    pace: int
    parts: tuple[str | float, ...]
    fillers: int = 0
    phrase_fillers: int = 0
    repetitions: int = 0
    hedges: int = 0
    noise: float | None = None
    hum: float | None = None
    gain: float = 1.0


SCRIPTS = (
    Script(
        "even",
        "en-us",
        165,
        (
            0.6,
            "Last year our nightly load lost forty percent of its rows.",
            0.5,
            "I compared the columns with the source, because they had changed before.",
            0.6,
            "Then I added a check that stops the load when a column is missing.",
            0.5,
            "As a result it has not failed since, and the analysts trust the numbers again.",
        ),
    ),
    Script(
        "fillers",
        "en-gb",
        160,
        (
            0.9,
            "Um,",
            0.35,
            "the customer was angry",
            0.2,
            "uh,",
            0.4,
            "because the order came late.",
            0.7,
            "I, ",
            "er,",
            0.3,
            "called her back the same day,",
            0.25,
            "um,",
            0.6,
            "and offered two ways to put it right.",
            0.5,
            "Uh,",
            0.2,
            "she took the second one, and,",
            "um,",
            "she stayed with us.",
        ),
        fillers=6,
    ),
    Script(
        "phrases",
        "en-us+f3",
        185,
        (
            0.5,
            "So, you know, the index was missing,",
            0.4,
            "and I mean, nobody had looked at the plan.",
            0.5,
            "It was kind of a mess, like, really slow.",
            0.6,
            "Do you know what kind of work I like?",
            0.4,
            "What I mean is that I like to find the cause.",
            0.5,
            "So we basically rewrote the query, and that was the right answer.",
            0.4,
            "That is what actually fixed it, right?",
        ),
        phrase_fillers=6,  # you know, I mean, kind of, like, basically, right?
    ),
    Script(
        "hedges",
        "en-gb-x-rp",
        170,
        (
            0.7,
            "I think the launch was probably too early.",
            0.5,
            "Maybe we had tested too little.",
            0.6,
            "I guess nobody wanted to be honest with the client.",
            0.4,
            "To be honest, I was a little bit late with my part too.",
            0.5,
            "Since then I think through the risks first, and hopefully that helps.",
        ),
        hedges=7,  # I think, probably, maybe, I guess, to be honest, a little bit, hopefully
    ),
    Script(
        "repeats",
        "en-us+m3",
        175,
        (
            0.8,
            "I was I was on the night shift when the the alarm went off.",
            0.5,
            "We had had two false alarms before, and that that made me careful.",
            0.45,
            "It was very very loud.",
            0.4,
            "So I I called the doctor, and we we stayed with the",
            0.2,
            "um,",
            0.2,
            "the patient until she was stable.",
        ),
        fillers=1,
        repetitions=5,  # I was, the, I, we, the (um) the
    ),
    Script(
        "slow",
        "en-gb-scotland",
        105,
        (
            1.2,
            "I would first ask what the team needs.",
            1.6,
            "Then I would look at the budget.",
            2.4,
            "After that I would cut what matters least.",
            1.3,
            "The team would decide with me.",
        ),
    ),
    Script(
        "fast",
        "en-us+m1",
        250,
        (
            0.2,
            "We had twelve services and one database and every release broke something else",
            0.15,
            "so I split the schema, gave each team its own tables, and wrote contract tests.",
            0.4,
            "After that we went from one release a month to three a day,",
            0.2,
            "and the number of incidents fell by half within the first quarter of the year.",
            0.35,
            "Nobody had to wait for anybody else, and the pager was quiet at night.",
        ),
    ),
    Script(
        "late",
        "en-gb+f2",
        155,
        (
            4.2,
            "Okay.",
            1.8,
            "My manager wanted the report by noon.",
            0.6,
            "I said that half of it could be done, and I showed her which half.",
            3.6,
            "She agreed,",
            0.3,
            "and the rest came on Monday, with a note on what had changed.",
        ),
        noise=30.0,
    ),
    Script(
        "noisy",
        "en-us",
        170,
        (
            1.0,
            "The store was short of staff for the whole weekend.",
            1.4,
            "I moved two people from the tills to the floor,",
            0.5,
            "um,",
            0.4,
            "and opened the self checkout early.",
            1.2,
            "Sales stayed level, and nobody worked a double shift.",
        ),
        fillers=1,
        noise=18.0,
    ),
    Script(
        "hum",
        "en-029",
        165,
        (
            0.5,
            "I teach a class of thirty, and, you know, six of them read far below their age.",
            0.7,
            "I made groups of three, with one strong reader in each.",
            1.1,
            "By the summer all but one had caught up, and that one had a plan.",
        ),
        phrase_fillers=1,
        hum=22.0,
        noise=34.0,
    ),
    Script(
        "clipped",
        "en-us+m5",
        180,
        (
            0.4,
            "The client said no three times, and I asked why each time.",
            0.5,
            "The third time she told me that the price was not the problem.",
            0.4,
            "It was the contract, which we then made shorter, and she signed it in March.",
        ),
        gain=9.0,
    ),
    Script(
        "mixed",
        "en-gb+m7",
        200,
        (
            2.1,
            "Um,",
            0.3,
            "so, basically, I think we we shipped too soon.",
            1.5,
            "The the tests were sort of flaky,",
            "uh,",
            0.5,
            "and maybe nobody, you know, read the report.",
            2.2,
            "Then I wrote a a rule that a flaky test is fixed or deleted within a day.",
            0.6,
            "We went from forty flaky tests to, um, two.",
        ),
        fillers=3,
        phrase_fillers=3,  # basically, sort of, you know
        repetitions=3,  # we, the, a
        hedges=2,  # I think, maybe
        noise=28.0,
    ),
)


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)
_SYNCHRONOUS, _RATE, _CHARACTERS, _UTF8 = 2, 1, 1, 1
_ENDED, _WORD = 0, 1


class Voice:
    """eSpeak NG's library, one phrase at a time."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng")
        if name is None:
            raise SystemExit("libespeak-ng is needed")
        self._library = ctypes.CDLL(name)
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._sound: list[NDArray[np.int16]] = []
        self._words: list[tuple[int, float]] = []

    def say(self, text: str, voice: str, pace: int) -> tuple[Samples, list[tuple[int, float]]]:
        """The samples, from -1 to 1, and for each word its place in `text` and its second."""
        self._sound, self._words = [], []
        self._library.espeak_SetVoiceByName(voice.encode())
        self._library.espeak_SetParameter(_RATE, pace, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate(self._sound) / 32_768, self._words

    def _take(self, samples: object, count: int, events: object) -> int:
        if samples:
            self._sound.append(np.ctypeslib.as_array(samples, (count,)).copy())
        for event in self._until_ended(events):
            if event.type == _WORD:
                self._words.append((event.text_position - 1, event.audio_position / 1_000))
        return 0

    @staticmethod
    def _until_ended(events: object) -> Iterator[_Event]:
        at = 0
        while events[at].type != _ENDED:  # type: ignore[index]
            yield events[at]  # type: ignore[index]
            at += 1


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    voice = Voice()
    truths = [_make(script, voice) for script in SCRIPTS]
    lines = ",\n".join(json.dumps(truth, ensure_ascii=False) for truth in truths)
    (FOLDER / "truth.json").write_text(f"[\n{lines}\n]\n", "utf-8")


def _make(script: Script, voice: Voice) -> dict[str, object]:
    pieces: list[Samples] = []
    words: list[tuple[str, float, float]] = []
    spoken: list[tuple[float, float]] = []
    syllables, at = 0, 0.0
    for part in script.parts:
        if isinstance(part, float):
            piece = np.zeros(round(part * voice.rate))
        else:
            piece, timed = _say(script, voice, part)
            words += [(word, at + start, at + end) for word, start, end in timed]
            spoken.append((at, at + piece.size / voice.rate))
            if not FILLER_PART.fullmatch(part.strip()):
                syllables += _count_syllables(part, script.voice)
        pieces.append(piece)
        at += piece.size / voice.rate
    pieces.append(np.zeros(round(END * voice.rate)))
    samples = _spoil(np.concatenate(pieces), script, voice.rate)
    (FOLDER / f"{script.name}.ogg").write_bytes(_encode(samples, voice.rate))
    gaps = [(end, start) for (_, end), (start, _) in pairwise(spoken)]
    inner = sum(end - start for start, end in gaps if end - start < JOINED_GAP)
    return {
        "name": script.name,
        "voice": script.voice,
        "script": " ".join(part.strip() for part in script.parts if isinstance(part, str)),
        "seconds": round(samples.size / voice.rate, 3),
        "speaking": round(sum(end - start for start, end in spoken) + inner, 3),
        "start_delay": round(spoken[0][0], 3),
        "pauses": [
            [round(start, 3), round(end, 3)] for start, end in gaps if end - start >= LONG_GAP
        ],
        "clipped": script.gain > 1,
        "syllables": syllables,
        "fillers": script.fillers,
        "phrase_fillers": script.phrase_fillers,
        "repetitions": script.repetitions,
        "hedges": script.hedges,
        "words": [[word, round(start, 3), round(end, 3)] for word, start, end in words],
    }


def _say(script: Script, voice: Voice, part: str) -> tuple[Samples, list[tuple[str, float, float]]]:
    """A phrase without the silence around it; eSpeak pauses at punctuation, so it gets none.

    Some small words are said as one (“of the”), with one event: they share its time by letters.
    """
    written = part.split()
    plain = [re.sub(r"[^\w']", "", word) for word in written]
    text = " ".join(plain)
    samples, events = voice.say(text, script.voice, script.pace)
    loud = np.flatnonzero(np.abs(samples) > QUIET * np.abs(samples).max())
    first, last = loud[0], loud[-1] + 1
    length = (last - first) / voice.rate
    offset = first / voice.rate
    places = np.cumsum([0, *(len(word) + 1 for word in plain)])
    known = {0: 0.0, len(text) + 1: length}
    for place, second in events:
        if place in places:
            known[place] = min(max(second - offset, 0.0), length)
    known[0] = 0.0
    edges = np.interp(places, sorted(known), sorted(known.values()))
    timed = list(zip(written, edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    piece = samples[first:last]
    return piece * LEVEL / np.sqrt(np.mean(piece**2)), timed


def _count_syllables(part: str, voice: str) -> int:
    """The vowels among eSpeak's phonemes, fillers' left out."""
    text = " ".join(
        word for word in re.sub(r"[^\w' ]", "", part).split() if not FILLER_PART.fullmatch(word)
    )
    command = ["espeak-ng", "-q", "-x", "--sep=_", "-v", voice, text]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own text
    phonemes = (phoneme.lstrip("',%=|") for phoneme in re.split(r"[_\s]+", said))
    return sum(bool(re.match(r"[aAeEiIoOuUVQ0@3&]|[nml]-$", each)) for each in phonemes)


def _spoil(samples: Samples, script: Script, rate: int) -> Samples:
    random = np.random.default_rng(len(script.name) + script.pace)
    time = np.arange(samples.size) / rate
    if script.noise is not None:
        samples = samples + random.standard_normal(samples.size) * LEVEL * 10 ** (
            -script.noise / 20
        )
    if script.hum is not None:
        tone = sum(np.sin(2 * np.pi * 50 * n * time) / n for n in (1, 2, 3))
        samples = samples + tone * LEVEL * 10 ** (-script.hum / 20)
    return np.clip(samples * script.gain, -1, 1)


def _encode(samples: Samples, rate: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono", bit_rate=BIT_RATE)
        assert isinstance(stream, AudioStream)
        pcm = (samples * 32_767).round().astype("<i2").reshape(1, -1)
        sound = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        sound.sample_rate = rate
        resampler = av.AudioResampler(stream.format, "mono", 48_000)
        for frame in [*resampler.resample(sound), *resampler.resample(None), None]:
            container.mux(stream.encode(frame))
    return file.getvalue()


if __name__ == "__main__":
    main()
