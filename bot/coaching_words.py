"""What a coach says of a measure, in words."""

from bot.delivery import Measure, Reading

_NAMES = {
    Measure.PACE: "Pace: {:.0f} words per minute",
    Measure.ARTICULATION: "Articulation: {:.1f} syllables per second",
    Measure.FILLERS: "Fillers: {:.1f} per minute",
    Measure.START_DELAY: "Start: after {:.1f} s",
    Measure.PAUSES: "Pauses of a second or more: {:.1f} per minute",
    Measure.LONGEST_PAUSE: "Longest pause: {:.1f} s",
    Measure.SPEAKING_SHARE: "Share of speech: {:.0%}",
    Measure.REPETITIONS: "Repetitions: {:.1f} per minute",
    Measure.HEDGES: "Hedges: {:.1f} per minute",
}


def measure_line(reading: Reading) -> str:
    """A measure, its value and where that lies."""
    name = _NAMES[reading.measure]
    if reading.value is None or reading.position is None:
        return f"{name.partition(':')[0]}: not measured"
    if reading.low is None:
        comfortable = f"up to {reading.high:g}"
    elif reading.high is None:
        comfortable = f"from {reading.low:g}"
    else:
        comfortable = f"{reading.low:g} to {reading.high:g}"
    return f"{name.format(reading.value)} ({reading.position} the comfortable {comfortable})"
