"""Sound from strangers: bytes in memory, known formats only, every limit counted as it decodes."""

import asyncio
import io
import re
import struct
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import av
import numpy as np
from av import AudioFrame
from av.container import InputContainer
from av.error import FFmpegError
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bot.coaching import Pause, Sound
from bot.problems import Fault, rejected

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which only its own file readers need, and its source is older
    # than what newer Pythons warn about.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

__all__ = ["AudioSegment", "LocalSounds", "decode", "measure", "pcm_segment"]

SAMPLE_RATE = 16_000

MAX_BYTES = 20_000_000
MAX_SECONDS = 600.0
MIN_SECONDS = 0.3
MIN_SECONDS_OF_DAMAGED = 1.0
MAX_LOST_IN_EXCESS = 100  # packets
MAX_DECODING_SECONDS = 20.0
SOURCE_RATES = range(4_000, 192_000 + 1)
MAX_CHANNELS = 8
MAX_WAV_CHUNKS = 100  # before the samples
DECODES_AT_ONCE = 2

DECODERS = frozenset(
    {
        *("aac", "alac", "flac", "opus", "libopus", "vorbis"),
        *("mp2", "mp2float", "mp3", "mp3float"),
        *("amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb"),
        *("pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s32le", "pcm_f32le"),
        *("pcm_alaw", "pcm_mulaw"),
    }
)

_STARTS_OF = {
    "ogg": re.compile(rb"OggS"),
    "wav": re.compile(rb"RIFF....WAVE", re.DOTALL),
    "flac": re.compile(rb"fLaC"),
    "mov": re.compile(rb"....ftyp", re.DOTALL),
    "matroska": re.compile(rb"\x1aE\xdf\xa3"),
    "amr": re.compile(rb"#!AMR(-WB)?\n"),
    # These two have no magic number but the header of a frame; in MP3's, layer II or III.
    "aac": re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"),
    "mp3": re.compile(rb"ID3|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd][\x00-\xef]"),
}

MIN_PAUSE = 1.0

# Speech is what stands out of the noise in many bands at once, and is not far below the loudest.
_WINDOW = 512
_HOP = 160
_FRAMES_PER_SECOND = SAMPLE_RATE // _HOP
_FRAME_CENTRE = (_WINDOW - _HOP) / 2 / SAMPLE_RATE  # seconds from a frame's first sample
_BAND_BINS = np.unique(np.geomspace(160, 3_900, 17) * _WINDOW / SAMPLE_RATE + 0.5).astype(np.intp)
_SILENCE = -75.0  # dBFS in one band, below which nothing is heard
_CODEC_RANGE = 55.0  # dB below the loudest frames, under which a band holds a codec's own noise
_SMOOTHED_FRAMES = 5
_NOISE_PERCENTILE = 20
_NOISE_REACH = 5 * _FRAMES_PER_SECOND  # either side: the noise is what stays this long
_NOISE_MARGIN, _BAND_CAP = 4.0, 15.0  # dB above the noise that count in a band: from, at most
_STARTS_ABOVE, _LASTS_ABOVE = 2.0, 0.6  # dB, the mean over the bands
_STARTS_WITHIN, _LASTS_WITHIN = 20.0, 30.0  # dB below the loudest frames
_MIN_SPEECH = 0.12  # seconds; a click is shorter
_MAX_GAP = 0.3  # seconds; between words
_FRAMES_AT_ONCE = 3_000
_FULL_SCALE = 32_735  # within 0.1 %, as a lossy codec leaves it


def decode(data: bytes) -> AudioSegment:
    """A recording as 16 kHz mono 16-bit PCM: its first sound track, if it is a video.

    What a damaged recording has left is kept if that is a second or more and most of its
    packets. Anything else raises ProblemError (REJECTED) with the fault.
    """
    if len(data) > MAX_BYTES:
        raise rejected(Fault.TOO_BIG, f"{len(data)} bytes")
    name = _sniff(data)
    if name is None:
        raise rejected(Fault.NOT_AUDIO, "an unknown format")
    if name == "wav":
        data = _plain_wav(data)
    deadline = time.monotonic() + MAX_DECODING_SECONDS
    try:
        # The format is forced, so that a playlist can't pose as a recording; nothing else may
        # be opened, and no decoder tried that is not listed (a video's, a cover picture's).
        with av.open(
            _Timed(data, deadline),
            "r",
            format=name,
            container_options={
                "protocol_whitelist": "none",
                "codec_whitelist": ",".join(DECODERS),
            },
            metadata_errors="ignore",
        ) as container:
            return pcm_segment(_decode_track(container, deadline))
    except (FFmpegError, ValueError, MemoryError) as error:
        fault = Fault.TOO_LONG if time.monotonic() >= deadline else Fault.DAMAGED
        raise rejected(fault, f"{name}: {type(error).__name__}") from error


def pcm_segment(pcm: bytes) -> AudioSegment:
    """A segment of 16 kHz mono 16-bit little-endian samples."""
    return AudioSegment(data=pcm, sample_width=2, frame_rate=SAMPLE_RATE, channels=1)


def measure(segment: AudioSegment) -> Sound:
    """What is heard in a segment as `decode` gives it; where nobody speaks, all of it is delay."""
    samples = np.frombuffer(segment.raw_data, dtype="<i2")
    seconds = samples.size / SAMPLE_RATE
    speech = _speech(samples)
    gaps = [Pause(before[1], after[0]) for before, after in pairwise(speech)]
    return Sound(
        seconds=seconds,
        speaking=sum(end - start for start, end in speech),
        start_delay=speech[0][0] if speech else seconds,
        pauses=tuple(gap for gap in gaps if gap.end - gap.start >= MIN_PAUSE),
        clipped=float(np.mean(np.abs(samples.astype(np.int32)) >= _FULL_SCALE)) if seconds else 0.0,
    )


class LocalSounds:
    """The port Sounds, on this machine; `DECODES_AT_ONCE` recordings are decoded at once."""

    def __init__(self) -> None:
        # A pool of its own: what is cancelled goes on in its thread, and must go on counting.
        self._pool = ThreadPoolExecutor(DECODES_AT_ONCE, thread_name_prefix="sounds")

    async def listen(self, data: bytes) -> Sound:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: measure(decode(data)))


class _Timed(io.BytesIO):
    """Bytes that end at a time: a demuxer may go round in circles in hostile ones."""

    def __init__(self, data: bytes, deadline: float) -> None:
        super().__init__(data)
        self._deadline = deadline

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size) if time.monotonic() < self._deadline else b""


def _sniff(data: bytes) -> str | None:
    """FFmpeg's name of the one format that `data` may be read as."""
    return next((name for name, start in _STARTS_OF.items() if start.match(data)), None)


def _plain_wav(data: bytes) -> bytes:
    """A WAV file's format and samples alone.

    FFmpeg's reader takes the memory that other chunks claim: 1.6 GB, for a file of 80 kB.
    """
    chunks: dict[bytes, bytes] = {}
    at = 12
    for _ in range(MAX_WAV_CHUNKS):
        if at + 8 > len(data) or b"data" in chunks:
            break
        name, size = struct.unpack_from("<4sI", data, at)
        chunks[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if not chunks.keys() >= {b"fmt ", b"data"}:
        raise rejected(Fault.DAMAGED, "wav: no format or no samples")
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(chunks[name])) + chunks[name] + b"\0" * (len(chunks[name]) % 2)
        for name in (b"fmt ", b"data")
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _decode_track(container: InputContainer, deadline: float) -> bytes:
    if not container.streams.audio:
        raise rejected(Fault.NOT_AUDIO, "no sound track")
    track = container.streams.audio[0]
    # A codec that FFmpeg does not know has no context, whatever its type says.
    if getattr(track.codec_context, "name", None) not in DECODERS:
        raise rejected(Fault.NOT_AUDIO, "an unknown codec")
    resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE)
    pcm = bytearray()
    seconds = 0.0
    kept = lost = 0
    packets = container.demux(track)
    while True:
        if time.monotonic() >= deadline:
            raise rejected(Fault.TOO_LONG, f"not decoded in {MAX_DECODING_SECONDS:g} s")
        try:
            packet = next(packets, None)
            if packet is None:
                break
            for frame in packet.decode():
                seconds += _seconds_of(frame)
                if seconds > MAX_SECONDS:
                    raise rejected(Fault.TOO_LONG, f"more than {MAX_SECONDS:g} s")
                pcm += _samples(resampler.resample(frame))
            kept += 1
        except (FFmpegError, ValueError):
            lost += 1
            if lost > kept + MAX_LOST_IN_EXCESS:
                break
    if lost and (lost > kept or seconds < MIN_SECONDS_OF_DAMAGED):
        raise rejected(Fault.DAMAGED, f"{lost} of {lost + kept} packets lost")
    if seconds < MIN_SECONDS:
        raise rejected(Fault.TOO_SHORT, f"{seconds:.2f} s")
    pcm += _samples(resampler.resample(None))
    return bytes(pcm)


def _seconds_of(frame: AudioFrame) -> float:
    """How long a frame is by its samples; one that would be costly to resample is damage."""
    if frame.sample_rate not in SOURCE_RATES or frame.layout.nb_channels > MAX_CHANNELS:
        raise rejected(
            Fault.DAMAGED, f"{frame.sample_rate} Hz, {frame.layout.nb_channels} channels"
        )
    return frame.samples / frame.sample_rate


def _samples(frames: list[AudioFrame]) -> bytes:
    return b"".join(frame.to_ndarray().astype("<i2").tobytes() for frame in frames)


def _speech(samples: NDArray[np.int16]) -> list[tuple[float, float]]:
    """Where somebody speaks, as (start, end) in seconds, without the gaps between words."""
    if samples.size < _WINDOW:
        return []
    levels = np.maximum(_band_levels(samples), _SILENCE)
    loudness = 10 * np.log10(np.sum(10 ** (levels / 10), axis=1))
    loudest = np.percentile(loudness, 95)
    below_loudest = loudest - loudness
    levels = np.maximum(levels, loudest - _CODEC_RANGE)
    above_noise = np.clip(levels - _noise(levels) - _NOISE_MARGIN, 0, _BAND_CAP).mean(axis=1)
    starts = (above_noise > _STARTS_ABOVE) & (below_loudest < _STARTS_WITHIN)
    lasts = (above_noise > _LASTS_ABOVE) & (below_loudest < _LASTS_WITHIN)
    speech: list[tuple[float, float]] = []
    for first, last in _runs(lasts):
        start, end = first / _FRAMES_PER_SECOND, last / _FRAMES_PER_SECOND
        if end - start < _MIN_SPEECH or not starts[first:last].any():
            continue
        if speech and start - speech[-1][1] < _MAX_GAP:
            start = speech.pop()[0]
        speech.append((start, end))
    return [(start + _FRAME_CENTRE, end + _FRAME_CENTRE) for start, end in speech]


def _band_levels(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """The level in each band of speech in dBFS, frames by bands, smoothed over a few frames."""
    taper = np.hanning(_WINDOW) / (32_768 * _WINDOW**0.5)
    frames = sliding_window_view(samples, _WINDOW)[::_HOP]
    power = np.empty((len(frames), len(_BAND_BINS) - 1))
    for at in range(0, len(frames), _FRAMES_AT_ONCE):
        spectra = np.abs(np.fft.rfft(frames[at : at + _FRAMES_AT_ONCE] * taper, axis=1)) ** 2
        power[at : at + _FRAMES_AT_ONCE] = np.add.reduceat(spectra, _BAND_BINS, axis=1)[:, :-1]
    reach = _SMOOTHED_FRAMES // 2
    padded = np.pad(power, ((reach, reach), (0, 0)), mode="edge")
    smoothed = sliding_window_view(padded, _SMOOTHED_FRAMES, axis=0).mean(axis=-1)
    levels: NDArray[np.float64] = 10 * np.log10(np.maximum(smoothed, 1e-20))
    return levels


def _noise(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The level of the noise in each band, as it changes from second to second."""
    centres = range(0, len(levels) + _FRAMES_PER_SECOND, _FRAMES_PER_SECOND)
    around = (levels[max(0, at - _NOISE_REACH) : at + _NOISE_REACH] for at in centres)
    steps = np.array([np.percentile(part, _NOISE_PERCENTILE, axis=0) for part in around])
    times = np.arange(len(levels))
    return np.stack([np.interp(times, centres, step) for step in steps.T], axis=1)


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where `flags` hold, as (first, one past the last)."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
