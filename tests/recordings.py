"""Recordings for tests, made of arithmetic: the same arguments give the same sound."""

import io
import math
from collections.abc import Sequence

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from adapters.audio import SAMPLE_RATE, AudioSegment, pcm_segment

SYLLABLES_PER_SECOND = 4.0
PITCH = 120.0  # Hz
FORMANTS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))  # Hz


def speech_like(
    seconds: float,
    *,
    pauses: Sequence[tuple[float, float]] = (),
    noise: float | None = None,
    level: float = -20.0,
) -> AudioSegment:
    """Voiced syllables at 16 kHz mono, silent in `pauses`, each (start, end) in seconds.

    `level` is the speech's in dBFS; `noise` is how many dB under it white noise lies, None for
    none. A delay at the start is a pause from 0.
    """
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    voice = _voice(time)
    voice *= 10 ** (level / 20) / np.sqrt(np.mean(voice**2))
    for start, end in pauses:
        voice[(start <= time) & (time < end)] = 0.0
    if noise is not None:
        voice += _white(time.size) * 10 ** ((level - noise) / 20)
    return segment_of(voice)


def white_noise(seconds: float, *, level: float = -30.0) -> AudioSegment:
    """`level` in dBFS."""
    return segment_of(_white(round(seconds * SAMPLE_RATE)) * 10 ** (level / 20))


def silence(seconds: float) -> AudioSegment:
    return segment_of(np.zeros(round(seconds * SAMPLE_RATE)))


def segment_of(samples: NDArray[np.float64]) -> AudioSegment:
    """A segment of 16 kHz mono samples from -1 to 1; what is beyond is clipped."""
    return pcm_segment((np.clip(samples, -1, 1) * 32_767).round().astype("<i2").tobytes())


def ogg_opus(segment: AudioSegment) -> bytes:
    """A voice note as Telegram and Discord send it."""
    return encode(segment, "ogg", "libopus")


def wav(segment: AudioSegment) -> bytes:
    """The samples as they are."""
    return encode(segment, "wav", "pcm_s16le", rate=SAMPLE_RATE)


def mp4_video_note(segment: AudioSegment | None, *, seconds: float = 1.0) -> bytes:
    """A round video message: `segment` under a small picture, or the picture alone."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        video = container.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        if segment is not None:
            _encode_sound(container, segment, "aac", 48_000)
        _encode_picture(container, video, math.ceil(seconds * 10))
    return file.getvalue()


def encode(
    segment: AudioSegment, container_format: str, codec: str, *, rate: int = 48_000
) -> bytes:
    """`segment` in any of FFmpeg's formats, by its names, at `rate` Hz."""
    file = io.BytesIO()
    with av.open(file, "w", format=container_format) as container:
        _encode_sound(container, segment, codec, rate)
    return file.getvalue()


def _voice(time: NDArray[np.float64]) -> NDArray[np.float64]:
    beat = time * SYLLABLES_PER_SECOND
    pitch = PITCH * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * time))
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    syllables = beat.astype(int) % len(FORMANTS)
    formants = np.array(FORMANTS)
    voice = np.zeros_like(time)
    twice_cosine = 2 * np.cos(phase)
    before, wave = np.zeros_like(time), np.sin(phase)
    for harmonic in range(1, int(3_800 / (PITCH * 1.1))):
        gains = (1 / (1 + ((harmonic * PITCH - formants) / 120) ** 2)).sum(axis=1) + 0.02
        voice += gains[syllables] * wave
        before, wave = wave, twice_cosine * wave - before  # the sine of the next multiple
    return voice * np.sin(np.pi * (beat % 1)) ** 0.5


def _white(size: int) -> NDArray[np.float64]:
    return np.random.default_rng(size).standard_normal(size)


def _encode_sound(container: OutputContainer, segment: AudioSegment, codec: str, rate: int) -> None:
    stream = container.add_stream(codec, rate=rate, layout="mono", bit_rate=32_000)
    assert isinstance(stream, AudioStream)
    samples = np.frombuffer(segment.raw_data, dtype="<i2").reshape(1, -1)
    sound = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    sound.sample_rate = segment.frame_rate
    resampler = av.AudioResampler(stream.format, "mono", rate)
    for frame in [*resampler.resample(sound), *resampler.resample(None), None]:
        container.mux(stream.encode(frame))


def _encode_picture(container: OutputContainer, stream: VideoStream, frames: int) -> None:
    for number in range(frames):
        picture = np.full((64, 64, 3), number * 16 % 256, dtype=np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
    container.mux(stream.encode(None))
