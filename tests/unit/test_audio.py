"""What strangers send as sound: every limit, every disguise, and how well pauses are told."""

import asyncio
import functools
import io
import itertools
import struct
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import audio
from adapters.audio import LocalSounds, decode, measure
from bot.coaching import Pause, Sound
from bot.problems import Fault, ProblemError
from tests import recordings
from tests.recordings import ogg_opus, silence, speech_like, wav, white_noise

FORMATS = {
    "ogg": ("libopus", 48_000),
    "webm": ("libopus", 48_000),
    "mp3": ("libmp3lame", 44_100),
    "mp2": ("mp2", 48_000),
    "flac": ("flac", 48_000),
    "wav": ("pcm_s16le", 8_000),
    "adts": ("aac", 48_000),
    "ipod": ("aac", 44_100),
    "mov": ("alac", 48_000),
    "amr": ("amr_nb", 8_000),
}
MAGIC = {
    "ogg": b"OggS",
    "wav": b"RIFF\0\0\0\0WAVEfmt ",
    "flac": b"fLaC",
    "mp4": b"\0\0\0\x18ftypisom",
    "webm": b"\x1aE\xdf\xa3",
    "amr": b"#!AMR\n",
    "aac": b"\xff\xf1\x4c\x40",
    "mp3": b"\xff\xfb\x90\x64",
    "tagged mp3": b"ID3\x04\0\0\0\0\0\x0a",
}


def fault_of(data: bytes) -> Fault | None:
    with pytest.raises(ProblemError) as caught:
        decode(data)
    return caught.value.problem.fault


@functools.cache
def samples_of(container_format: str) -> bytes:
    codec, rate = FORMATS[container_format]
    sound = speech_like(4.0, pauses=[(1.5, 3.0)])
    return recordings.encode(sound, container_format, codec, rate=rate)


def wav_header(*, rate: int = 16_000, channels: int = 1, samples: bytes = bytes(320_000)) -> bytes:
    block = channels * 2
    format_ = struct.pack("<HHIIHH", 1, channels, rate, rate * block % 2**32, block, 16)
    body = b"WAVE" + chunk(b"fmt ", format_) + chunk(b"data", samples)
    return chunk(b"RIFF", body)


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body


def ogg_of_silence(seconds: int) -> bytes:
    """Silence costs Opus a few bytes a packet, whatever its length."""
    note = av.open(io.BytesIO(ogg_opus(silence(1.0))), "r")
    quiet = bytes(list(note.demux())[20])
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream_from_template(note.streams.audio[0])
        for number in range(seconds * 50):
            packet = av.Packet(quiet)
            packet.stream = stream
            packet.pts = packet.dts = number * 960
            packet.duration = 960
            container.mux(packet)
    return file.getvalue()


@pytest.mark.parametrize("container_format", FORMATS)
def test_every_format_that_people_record_in_is_heard(container_format: str) -> None:
    segment = decode(samples_of(container_format))
    assert (segment.frame_rate, segment.channels, segment.sample_width) == (16_000, 1, 2)
    sound = measure(segment)
    assert sound.seconds == pytest.approx(4.0, abs=0.1)
    assert sound.pauses == (
        Pause(pytest.approx(1.5, abs=0.25), pytest.approx(3.0, abs=0.25)),  # type: ignore[arg-type] # equal to a float
    )


def test_of_a_video_note_the_sound_is_heard() -> None:
    sound = measure(decode(recordings.mp4_video_note(speech_like(2.0))))
    assert sound.speaking == pytest.approx(2.0, abs=0.25)


def test_a_video_without_sound_is_not_audio() -> None:
    assert fault_of(recordings.mp4_video_note(None)) is Fault.NOT_AUDIO


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<!doctype html><html></html>", b"%PDF-1.7", b"PK\3\4", b"\xff\xfeh\0i\0"],
)
def test_what_is_no_recording_is_not_audio(data: bytes) -> None:
    assert fault_of(data) is Fault.NOT_AUDIO


def test_a_codec_off_the_list_is_not_audio() -> None:
    data = recordings.encode(speech_like(1.0), "wav", "adpcm_ms", rate=16_000)
    assert fault_of(data) is Fault.NOT_AUDIO


@pytest.mark.parametrize("disguise", [b"", *MAGIC.values()])
@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{path}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{path}'\n",
    ],
)
def test_a_playlist_opens_nothing(playlist: str, disguise: bytes, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(wav(speech_like(2.0)))
    data = disguise + playlist.format(path=secret).encode()
    assert fault_of(data) in {Fault.NOT_AUDIO, Fault.DAMAGED}


def test_a_playlist_taken_for_a_recording_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.ts"
    secret.write_bytes(recordings.encode(speech_like(2.0), "mpegts", "aac"))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n"
    monkeypatch.setattr(audio, "_sniff", lambda _: "hls")
    assert fault_of(playlist.encode()) is Fault.DAMAGED


@pytest.mark.parametrize("container_format", FORMATS)
def test_a_format_is_never_left_to_be_guessed(
    container_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = []
    data = samples_of(container_format)  # which opens files itself

    def spy(*_: object, **options: object) -> None:
        formats.append(options["format"])
        raise ValueError

    monkeypatch.setattr(av, "open", spy)
    assert fault_of(data) is Fault.DAMAGED
    assert formats != [None]


def test_bytes_are_limited() -> None:
    assert fault_of(b"OggS" + bytes(audio.MAX_BYTES)) is Fault.TOO_BIG


def test_much_silence_in_a_small_file_is_too_long() -> None:
    bomb = ogg_of_silence(660)
    assert len(bomb) < 200_000
    assert fault_of(bomb) is Fault.TOO_LONG


def test_length_is_limited_in_every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "MAX_SECONDS", 1.5)
    for name in FORMATS:
        assert fault_of(samples_of(name)) is Fault.TOO_LONG


def test_ten_minutes_are_not_too_long() -> None:
    assert len(decode(wav_header(rate=4_000, samples=bytes(599 * 8_000)))) == 599_000


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.29])
def test_a_slip_of_the_finger_is_too_short(seconds: float) -> None:
    assert fault_of(wav_header(samples=bytes(round(seconds * 16_000) * 2))) is Fault.TOO_SHORT


def test_the_shortest_is_heard() -> None:
    assert len(decode(ogg_opus(speech_like(0.31)))) == pytest.approx(310, abs=20)


@pytest.mark.parametrize("rate", [1, 3_999, 192_001, 2**31 - 1])
def test_a_rate_that_nobody_records_at_is_damage(rate: int) -> None:
    assert fault_of(wav_header(rate=rate)) is Fault.DAMAGED


@pytest.mark.parametrize("channels", [9, 1_000, 30_000])
def test_too_many_channels_are_damage(channels: int) -> None:
    assert decode(wav_header(channels=8))
    assert fault_of(wav_header(channels=channels)) is Fault.DAMAGED


def test_too_many_speakers_are_damage() -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="hexadecagonal")
        samples = np.zeros((1, 16 * 16_000), dtype=np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="hexadecagonal")
        frame.sample_rate = 16_000
        assert isinstance(stream, AudioStream)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert fault_of(file.getvalue()) is Fault.DAMAGED


@pytest.mark.parametrize("reads", range(0, 60, 4))
def test_decoding_ends_at_its_deadline(reads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.chain(itertools.repeat(0.0, reads + 1), itertools.repeat(1e9))
    monkeypatch.setattr(audio, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert fault_of(samples_of("ogg")) is Fault.TOO_LONG


def test_opening_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "MAX_DECODING_SECONDS", 0.0)
    monkeypatch.delattr(audio, "_decode_track")
    assert fault_of(samples_of("ogg")) is Fault.TOO_LONG


def test_a_wav_file_gets_no_memory_for_what_a_chunk_claims() -> None:
    resource = pytest.importorskip("resource")
    unit = 1 if sys.platform == "darwin" else 1_024
    info = b"INFO" + b"ISFT" + struct.pack("<I", 1_600_000_000) + b"x"
    list_ = b"LIST" + struct.pack("<I", 1_700_000_000) + info
    whole = wav_header()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert fault_of(whole[:36] + list_ + whole[36:]) is Fault.DAMAGED
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 200_000_000


def test_other_chunks_of_a_wav_file_are_passed_over() -> None:
    whole = wav_header(samples=bytes(32_000))
    data = whole[:36] + chunk(b"LIST", b"INFO") + chunk(b"odd ", b"xyz") + b"\0" + whole[36:]
    assert len(decode(data)) == 1_000


@pytest.mark.parametrize("container_format", FORMATS)
def test_of_a_cut_off_file_what_came_is_kept(container_format: str) -> None:
    data = samples_of(container_format)
    if container_format in {"ipod", "mov"}:  # their index comes last
        assert fault_of(data[: len(data) * 3 // 4]) is Fault.DAMAGED
    else:
        assert 1_000 < len(decode(data[: len(data) * 3 // 4])) < 4_000
    assert fault_of(data[:24]) in {Fault.DAMAGED, Fault.TOO_SHORT}


def test_a_damaged_stretch_is_left_out() -> None:
    data = bytearray(samples_of("adts"))
    data[5_000:5_400] = bytes(400)
    assert 3_000 < len(decode(bytes(data))) < 4_000


def test_a_file_that_is_mostly_damaged_is_refused() -> None:
    data = samples_of("amr")
    frames = [data[at : at + 32] for at in range(6, len(data) - 32, 32)]
    assert len(decode(b"#!AMR\n" + b"\x7c".join(frames))) > 3_000
    assert fault_of(b"#!AMR\n" + b"\x7c\x7c".join(frames)) is Fault.DAMAGED


def test_nothing_but_damage_ends_soon() -> None:
    assert fault_of(b"#!AMR\n" + b"\x7c" * 10_000_000) is Fault.DAMAGED


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(sorted(FORMATS)),
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.booleans(), st.binary(min_size=1, max_size=8)), max_size=8
    ),
    end=st.floats(0, 1),
)
def test_no_damage_raises_anything_but_a_problem(
    name: str, edits: list[tuple[float, bool, bytes]], end: float
) -> None:
    data = bytearray(samples_of(name))
    for where, in_header, new in edits:
        at = round(where * (200 if in_header else len(data)))
        data[at : at + len(new)] = new
    check(bytes(data[: round(len(data) * (1 - end**4))]))


@settings(max_examples=100, deadline=None)
@given(start=st.sampled_from([b"", *MAGIC.values()]), rest=st.binary(max_size=600))
def test_no_bytes_raise_anything_but_a_problem(start: bytes, rest: bytes) -> None:
    check(start + rest)


def check(data: bytes) -> None:
    try:
        sound = measure(decode(data))
    except ProblemError as error:
        assert error.problem.fault is not None  # noqa: PT017 - either outcome is right
    else:
        assert audio.MIN_SECONDS * 0.9 < sound.seconds <= audio.MAX_SECONDS
        assert 0 <= sound.speaking <= sound.seconds


PAUSES = [(0.0, 1.5), (3.0, 3.8), (6.0, 7.15), (9.0, 11.0), (13.0, 16.5)]
TOLD = [pause for pause in PAUSES[1:] if pause[1] - pause[0] >= 1]


@pytest.mark.parametrize("noise", [None, 30.0, 20.0, 12.0])
@pytest.mark.parametrize("level", [-12.0, -40.0])
def test_pauses_are_told_to_a_quarter_of_a_second(noise: float | None, level: float) -> None:
    segment = speech_like(20.0, pauses=PAUSES, noise=noise, level=level)
    sound = measure(decode(ogg_opus(segment)))
    assert len(sound.pauses) == len(TOLD)
    for pause, (start, end) in zip(sound.pauses, TOLD, strict=True):
        assert pause.start == pytest.approx(start, abs=0.25)
        assert pause.end == pytest.approx(end, abs=0.25)
    assert sound.start_delay == pytest.approx(1.5, abs=0.25)
    assert sound.speaking == pytest.approx(20 - sum(end - start for start, end in PAUSES), abs=0.7)


def test_a_pause_shorter_than_a_second_is_never_told() -> None:
    pauses = [(at, at + 0.9) for at in (2.0, 4.5, 7.0)]
    assert measure(speech_like(10.0, pauses=pauses)).pauses == ()


def test_the_end_is_no_pause() -> None:
    sound = measure(speech_like(8.0, pauses=[(5.0, 8.0)]))
    assert sound.pauses == ()
    assert sound.speaking == pytest.approx(5.0, abs=0.25)


def test_a_click_does_not_end_a_pause() -> None:
    segment = speech_like(10.0, pauses=[(4.0, 7.0)])
    samples = np.frombuffer(segment.raw_data, dtype="<i2") / 32_768
    samples[88_000:88_320] += np.random.default_rng(0).standard_normal(320) * 0.2
    assert len(measure(recordings.segment_of(samples)).pauses) == 1


def hum(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(round(seconds * 16_000)) / 16_000
    return sum(
        (np.sin(2 * np.pi * 50 * n * time) / n for n in range(1, 40, 2)), np.zeros(time.size)
    )


@pytest.mark.parametrize(
    "segment",
    [
        silence(10.0),
        white_noise(10.0, level=-60.0),
        white_noise(10.0, level=-10.0),
        recordings.segment_of(hum(10.0) * 0.2),
        silence(0.5) + white_noise(10.0),  # a microphone that wakes up late
    ],
    ids=["silence", "faint noise", "loud noise", "hum", "late noise"],
)
def test_where_nobody_speaks_nothing_is_speech(segment: audio.AudioSegment) -> None:
    for sound in (measure(segment), measure(decode(ogg_opus(segment)))):
        assert sound.speaking == pytest.approx(0.0, abs=0.1)
        assert sound.start_delay == pytest.approx(sound.seconds, abs=0.1)
        assert sound.pauses == ()


def test_clipping_is_measured() -> None:
    assert measure(speech_like(2.0, level=-20.0)).clipped == 0.0
    assert measure(decode(ogg_opus(speech_like(2.0, level=-3.0)))).clipped > 0.01
    half = np.tile([1.0, 0.0], 8_000)
    assert measure(recordings.segment_of(half)).clipped == 0.5


def test_no_samples_are_no_sound() -> None:
    assert measure(silence(0.0)) == Sound(0.0, 0.0, 0.0, (), 0.0)


async def test_the_port_listens() -> None:
    sound = await LocalSounds().listen(ogg_opus(speech_like(2.0)))
    assert sound.seconds == pytest.approx(2.0, abs=0.02)
    with pytest.raises(ProblemError):
        await LocalSounds().listen(b"")


async def test_two_are_decoded_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=10)
    lock = threading.Lock()
    now: list[int] = []
    most = 0

    def decode_in_pairs(_: bytes) -> audio.AudioSegment:
        nonlocal most
        with lock:
            now.append(1)
            most = max(most, len(now))
        both.wait()
        with lock:
            now.pop()
        both.wait()
        return silence(0.0)

    monkeypatch.setattr(audio, "decode", decode_in_pairs)
    sounds = LocalSounds()
    await asyncio.gather(*(sounds.listen(b"") for _ in range(6)))
    assert most == 2
