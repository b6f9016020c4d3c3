"""What strangers send as documents: text, PDFs, disguises, bombs, and what may not stay behind."""

import asyncio
import io
import random
import subprocess
import sys
import zlib
from asyncio.subprocess import Process
from collections.abc import Iterator

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import documents, pdf_text
from adapters.documents import LocalDocuments
from bot.problems import Fault, ProblemError, ProblemKind

LINE = b"BT /F1 12 Tf 10 100 Td (Ada, engineer) Tj ET"


def pdf(content: bytes = LINE, *, pages: int = 1, filters: bytes = b"") -> bytes:
    """A PDF whose every page has the same content, which `filters` name the compression of."""
    kids = b" ".join(b"%d 0 R" % (5 + page) for page in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
        b"/Resources<</Font<</F1 3 0 R>>>>/Contents 4 0 R>>"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<<%s/Length %d>>stream\n%s\nendstream" % (filters, len(content), content),
        *[page] * pages,
    ]
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    file += b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(file) + b"startxref\n%d\n%%%%EOF" % start


def encrypted(user: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt(user, "owner", algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def deflated(content: bytes) -> bytes:
    return pdf(zlib.compress(content, 9), filters=b"/Filter/FlateDecode")


async def read(data: bytes, name: str = "cv.pdf") -> str:
    return await LocalDocuments().read(data, name)


async def fault_of(data: bytes, name: str = "cv.pdf") -> Fault | None:
    with pytest.raises(ProblemError) as caught:
        await read(data, name)
    assert caught.value.problem.kind is ProblemKind.REJECTED
    return caught.value.problem.fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_text_is_read_in_the_encodings_people_use(encoding: str) -> None:
    text = "Zoë – née Müller\r\n\r\n• 5 years’ Python  \r\n"
    assert await read(text.encode(encoding)) == "Zoë – née Müller\n\n• 5 years’ Python"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\0\x06\0word/document.xml",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"OggS\0\x02",
        b"{\\rtf1\\ansi Ada}",
        b"Ada\0engineer",
        b"\xff\xfeA",
        b"\xff\xfe\0\0A\0\0\0",
        b"\x81\x8d\x8f",
    ],
    ids=["docx", "png", "jpeg", "ogg", "rtf", "nul", "half utf-16", "utf-32", "no encoding"],
)
@pytest.mark.parametrize("name", ["cv.pdf", "cv.txt"])
async def test_what_is_no_text_is_not_a_document(data: bytes, name: str) -> None:
    assert await fault_of(data, name) is Fault.NOT_A_DOCUMENT


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"])
async def test_a_blank_file_has_no_text(data: bytes) -> None:
    assert await fault_of(data) is Fault.NO_TEXT


async def test_bytes_and_characters_are_limited() -> None:
    assert await fault_of(b" " * (documents.MAX_BYTES + 1)) is Fault.TOO_BIG
    assert await fault_of(b"a" * (documents.MAX_CHARS + 1)) is Fault.TOO_BIG
    assert len(await read(b"a" * documents.MAX_CHARS)) == documents.MAX_CHARS


@pytest.mark.parametrize("name", ["cv.txt", "../../etc/passwd"])
async def test_a_pdf_is_known_by_its_bytes(name: str) -> None:
    assert await read(b"\0\n" * 500 + pdf(), name) == "Ada, engineer"


async def test_pages_are_limited() -> None:
    assert (await read(pdf(pages=50))).splitlines() == ["Ada, engineer"] * 50
    assert await fault_of(pdf(pages=51)) is Fault.TOO_BIG
    assert await fault_of(pdf(pages=3_000)) is Fault.TOO_BIG


async def test_pages_are_counted_and_not_believed() -> None:
    assert await read(pdf().replace(b"/Count 1", b"/Count 999999999")) == "Ada, engineer"
    assert await fault_of(pdf(pages=51).replace(b"/Count 51", b"/Count 1 ")) is Fault.TOO_BIG


@pytest.mark.parametrize("content", [b"", b"q 100 0 0 100 0 0 cm /Im1 Do Q"])
async def test_a_scanned_pdf_has_no_text(content: bytes) -> None:
    assert await fault_of(pdf(content)) is Fault.NO_TEXT


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
async def test_a_pdf_under_a_password_is_protected(algorithm: str) -> None:
    assert await fault_of(encrypted("secret", algorithm)) is Fault.PROTECTED
    assert await read(encrypted("", algorithm)) == "Ada, engineer"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-", b"%PDF-1.7 what?" * 100, pdf()[:200], b"%PDF-1.4\n1 0 obj" + b"[" * 500_000],
    ids=["empty", "garbage", "cut off", "nested"],
)
async def test_a_broken_pdf_is_damaged(data: bytes) -> None:
    assert await fault_of(data) is Fault.DAMAGED


@pytest.mark.parametrize(
    "data",
    [
        deflated(b" " * 100_000_000),
        pdf(
            zlib.compress(zlib.compress(b" " * 200_000_000, 9), 9),
            filters=b"/Filter[/FlateDecode/FlateDecode]",
        ),
        deflated(b"BT /F1 12 Tf " + b"(%s) Tj " % (b"a" * 1_000) * 201 + b"ET"),
    ],
    ids=["much space", "twice deflated", "much text"],
)
async def test_a_bomb_is_too_big(data: bytes) -> None:
    assert len(data) < 150_000
    assert await fault_of(data) is Fault.TOO_BIG


async def test_controls_and_half_characters_of_a_pdf_are_dropped() -> None:
    assert await read(pdf(b"BT /F1 12 Tf (A\\000d\\001a) Tj ET")) == "Ada"


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\3\4"]),
    rest=st.binary(max_size=200),
)
async def test_no_bytes_raise_anything_but_a_problem(start: bytes, rest: bytes) -> None:
    await check(start + rest)


async def test_no_damaged_pdf_raises_anything_but_a_problem() -> None:
    chance = random.Random(7)  # noqa: S311 - a repeatable draw, not a secret
    for _ in range(6):
        data = bytearray(pdf())
        for _ in range(chance.choice([1, 3, 10])):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        await check(bytes(data))


async def check(data: bytes) -> None:
    try:
        text = await read(data)
    except ProblemError as error:
        assert error.problem.fault is not None  # noqa: PT017 - either outcome is right
    else:
        assert text.strip()
        assert text.encode()


class Children:
    """The processes that were started, and how."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.environment: dict[str, str] = {}
        self.started = asyncio.Event()


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    seen = Children()
    start = asyncio.create_subprocess_exec

    async def spy(*args: str, env: dict[str, str], stdin: int, stdout: int, stderr: int) -> Process:
        process = await start(*args, env=env, stdin=stdin, stdout=stdout, stderr=stderr)
        seen.processes.append(process)
        seen.environment = env
        seen.started.set()
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", spy)
    yield seen
    assert all(process.returncode is not None for process in seen.processes)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A program that no PDF gets an answer from."""
    program = tmp_path_factory.mktemp("endless") / "pdf_text.py"
    program.write_text("while True: pass")
    monkeypatch.setattr(pdf_text, "__file__", str(program))


async def test_a_pdf_that_takes_too_long_is_ended(
    children: Children, endless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_SECONDS", 0.05)
    assert await fault_of(pdf()) is Fault.TOO_BIG
    assert [process.returncode for process in children.processes] == [-9]


async def test_a_caller_that_gives_up_ends_the_process(children: Children, endless: None) -> None:
    task = asyncio.create_task(read(pdf()))
    await children.started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [process.returncode for process in children.processes] == [-9]


async def test_the_process_knows_no_secret(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:abc")
    await read(pdf())
    assert children.environment.keys() <= {"LD_LIBRARY_PATH", "SYSTEMROOT"}


async def test_without_a_process_to_be_had_it_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> Process:
        raise BlockingIOError

    monkeypatch.setattr(asyncio, "create_subprocess_exec", fail)
    with pytest.raises(ProblemError) as caught:
        await read(pdf())
    assert caught.value.problem.kind is ProblemKind.BUSY


async def test_two_pdfs_are_read_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now = most = 0

    async def stand_in(data: bytes) -> str:
        nonlocal now, most
        now += 1
        most = max(most, now)
        for _ in range(10):
            await asyncio.sleep(0)
        now -= 1
        return "text"

    monkeypatch.setattr(documents, "_read_pdf", stand_in)
    local = LocalDocuments()
    assert await asyncio.gather(*(local.read(pdf(), "") for _ in range(6))) == ["text"] * 6
    assert most == 2


@pytest.mark.skipif(
    sys.platform != "linux", reason="the limits are set as far as a system has them"
)
def test_time_and_memory_of_the_process_are_limited() -> None:
    hungry = (
        "import resource; from adapters import pdf_text; pdf_text._limit();"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[1]);"
        "pdf_text._extract = lambda data: bytearray(2_000_000_000) and '';"
        "raise SystemExit(pdf_text.main())"
    )
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", hungry], input=b"", capture_output=True, check=False
    )
    assert (run.returncode, run.stdout) == (pdf_text.TOO_BIG, b"15\n")
