"""Files for the person lie in a folder of theirs; nothing that is there already is overwritten."""

from pathlib import Path

from bot.ports import File


def keep(folder: Path, file: File) -> Path:
    """Where `file` lies now; only its owner may read it. Raises OSError where it cannot.

    What has its name and is something else stays: the next free of `name-2`, `name-3` ... is taken.
    """
    wanted = path = folder / file.name
    number = 1
    while True:
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            if path.is_file() and path.read_bytes() == file.data:
                return path
            number += 1
            path = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        else:
            path.write_bytes(file.data)
            return path
