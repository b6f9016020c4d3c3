"""What strangers send as documents: text, PDF, DOCX, disguises, bombs, and what may not stay."""

import asyncio
import io
import random
import subprocess
import sys
import zipfile
import zlib
from asyncio.subprocess import Process
from collections.abc import Iterator, Mapping
from pathlib import Path

import docx as python_docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import document_text, documents
from adapters.documents import LocalDocuments
from bot.problems import Fault, ProblemError, ProblemKind

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
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


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "word/document.xml"


def docx(body: str = "<w:p><w:r><w:t>Ada, engineer</w:t></w:r></w:p>", declared: str = "") -> bytes:
    """A DOCX whose document has `body`, after what is `declared`."""
    file = io.BytesIO()
    python_docx.Document().save(file)
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{declared}<w:document xmlns:w="{WORD}" xmlns:mc='
        f'"http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{body}</w:body>'
        "</w:document>"
    )
    return with_members(file.getvalue(), {MAIN: document.encode()})


def with_members(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The archive with members of these names and contents, in place of those of the same name."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return file.getvalue()


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for name in names:
            new.writestr(name, "<nothing/>")
    return file.getvalue()


def retyped(content_type: bytes) -> bytes:
    """A DOCX that says that its document is of another content type."""
    with zipfile.ZipFile(io.BytesIO(docx())) as old:
        types = old.read("[Content_Types].xml")
    changed = types.replace(b"openxmlformats-officedocument.wordprocessingml", content_type)
    assert changed != types
    return with_members(docx(), {"[Content_Types].xml": changed})


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
        OLE,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"OggS\0\x02",
        b"{\\rtf1\\ansi Ada}",
        b"Ada\0engineer",
        b"\xff\xfeA",
        b"\xff\xfe\0\0A\0\0\0",
        b"\x81\x8d\x8f",
    ],
    ids=[
        "a cut zip",
        "doc",
        "png",
        "jpeg",
        "ogg",
        "rtf",
        "nul",
        "half utf-16",
        "utf-32",
        "no encoding",
    ],
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


@pytest.mark.parametrize("name", ["cv.docx", "cv.pdf", "cv.txt", "../../etc/passwd"])
async def test_a_docx_is_known_by_its_bytes(name: str) -> None:
    assert await read(docx(), name) == "Ada, engineer"


async def test_a_docx_is_read_in_reading_order() -> None:
    document = python_docx.Document()
    document.sections[0].header.paragraphs[0].text = "Ada Byron · ada@example.org"
    document.add_heading("Experience")
    document.add_paragraph("Analyst,\tLondon")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        ("Skill", "Years", "Python", "5"),
        strict=True,
    ):
        cell.text = text
    document.add_paragraph("References on request.")
    file = io.BytesIO()
    document.save(file)
    assert (await read(file.getvalue())).splitlines() == [
        "Ada Byron · ada@example.org",
        "Experience",
        "Analyst,\tLondon",
        "Skill | Years",
        "Python | 5",
        "References on request.",
    ]


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


BOX = f"<w:txbxContent><w:p>{run('box')}</w:p></w:txbxContent>"
TEXT_BOX = f"<mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback>"
LONG_CELL = f"<w:tc><w:p>{run('a')}</w:p><w:p>{run('b')}</w:p></w:tc>"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"<w:p><w:hyperlink>{run('site')}</w:hyperlink></w:p>", ["site"]),
        (f"<w:sdt><w:sdtContent><w:p>{run('Ada')}</w:p></w:sdtContent></w:sdt>", ["Ada"]),
        (f"<w:p><w:del><w:delText>old</w:delText></w:del>{run('new')}</w:p>", ["new"]),
        (f"<w:p><w:moveFrom>{run('a')}</w:moveFrom></w:p><w:p>{run('a')}</w:p>", ["a"]),
        ("<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:noBreakHyphen/></w:r></w:p>", ["a", "b-"]),
        (
            f"<w:p>{run('a')}<mc:AlternateContent>{TEXT_BOX}</mc:AlternateContent></w:p>",
            ["a", "box"],
        ),
        (f"<w:tbl><w:tr>{LONG_CELL}<w:tc><w:p>{run('c')}</w:p></w:tc></w:tr></w:tbl>", [*"abc"]),
        (f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{run('a')}</w:p>", ["a"]),
    ],
    ids=[
        "link",
        "form field",
        "deleted",
        "moved",
        "breaks",
        "text box",
        "layout table",
        "tab stops",
    ],
)
async def test_what_a_docx_shows_is_read_once(body: str, lines: list[str]) -> None:
    assert (await read(docx(body))).splitlines() == lines


@pytest.mark.parametrize("body", ["", "<w:p/>", "<w:p><w:r><w:t> </w:t></w:r></w:p>"])
async def test_an_empty_docx_has_no_text(body: str) -> None:
    assert await fault_of(docx(body)) is Fault.NO_TEXT


@pytest.mark.parametrize(
    "data",
    [
        archive("[Content_Types].xml", "xl/workbook.xml"),
        archive("META-INF/MANIFEST.MF", "Main.class"),
        archive("word/document.xml"),
        archive("holiday.jpg"),
        retyped(b"ms-word.document.macroEnabled"),
        retyped(b"openxmlformats-officedocument.spreadsheetml"),
    ],
    ids=["xlsx", "jar", "no types", "zip", "macros", "disguised"],
)
async def test_another_archive_is_not_a_document(data: bytes) -> None:
    assert await fault_of(data, "cv.docx") is Fault.NOT_A_DOCUMENT


async def test_a_docx_under_a_password_is_protected() -> None:
    assert await fault_of(OLE + "EncryptedPackage".encode("utf-16-le")) is Fault.PROTECTED
    entry = bytearray(docx())
    entry[entry.rindex(b"PK\x01\x02") + 8] |= 1
    assert await fault_of(bytes(entry)) is Fault.PROTECTED


@pytest.mark.parametrize(
    "data",
    [
        docx("<w:p>"),
        docx("<w:p/>" * 10 + "<w:sdt>" * 500),
        archive("[Content_Types].xml", "word/document.xml"),
        docx().replace(b"word/document.xml", b"word/document.xm_"),
    ],
    ids=["xml", "nested", "empty parts", "no main part"],
)
async def test_a_broken_docx_is_damaged(data: bytes) -> None:
    assert await fault_of(data) is Fault.DAMAGED


def test_the_bombs_would_inflate_to_more_than_is_allowed() -> None:
    assert len(b"<w:p/>") * 4_000_000 >= document_text.MAX_INFLATED


@pytest.mark.parametrize(
    "data",
    [
        with_members(docx(), {"word/media/image1.bmp": b"\0" * 30_000_000}),
        with_members(docx(), {f"word/media/{n}.bmp": b"\0" * 3_000_000 for n in range(10)}),
        with_members(docx(), {f"word/media/{n}": b"" for n in range(1_001)}),
        docx("<w:p/>" * 4_000_000),
        docx("<w:p/>" * 3_500_000),
        docx("<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % ("a" * 200_001)),
    ],
    ids=["one", "several", "members", "document", "elements", "text"],
)
async def test_a_docx_bomb_is_too_big(data: bytes) -> None:
    assert len(data) < 300_000
    assert await fault_of(data) is Fault.TOO_BIG


async def test_a_size_that_is_understated_inflates_no_further() -> None:
    data = with_members(docx(), {"word/media/image1.bmp": b"\0" * 30_000_000})
    understated = data.replace((30_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert understated != data
    assert await fault_of(understated) is Fault.DAMAGED


def laughs(levels: int) -> str:
    """Declares the entity `laugh`, of 10 to the power of `levels` characters."""
    more = (f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    last = f'<!ENTITY laugh "{f"&l{levels - 1};" * 10}">'
    return f'<!DOCTYPE d [<!ENTITY l0 "!">{"".join(more)}{last}]>'


LAUGH = f"<w:p>{run('Ada')}{run('&laugh;')}</w:p>"


async def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    outside = f'<!DOCTYPE d [<!ENTITY laugh SYSTEM "{secret.as_uri()}">]>'
    assert await read(docx(LAUGH, laughs(2))) == "Ada"
    assert await read(docx(LAUGH, outside)) == "Ada"


@pytest.mark.parametrize("body", [LAUGH, '<w:p w:rsidR="&laugh;"/>'], ids=["text", "attribute"])
async def test_a_billion_laughs_are_refused(body: str) -> None:
    assert await fault_of(docx(body, laughs(9))) is Fault.DAMAGED


async def test_controls_and_half_characters_of_a_pdf_are_dropped() -> None:
    assert await read(pdf(b"BT /F1 12 Tf (A\\000d\\001a) Tj ET")) == "Ada"


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\3\4"]),
    rest=st.binary(max_size=200),
)
async def test_no_bytes_raise_anything_but_a_problem(start: bytes, rest: bytes) -> None:
    await check(start + rest)


@pytest.mark.parametrize("whole", [pdf(), docx()], ids=["pdf", "docx"])
async def test_no_damaged_file_raises_anything_but_a_problem(whole: bytes) -> None:
    chance = random.Random(7)  # noqa: S311 - a repeatable draw, not a secret
    for _ in range(6):
        data = bytearray(whole)
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
    """A program that no document gets an answer from."""
    program = tmp_path_factory.mktemp("endless") / "document_text.py"
    program.write_text("while True: pass")
    monkeypatch.setattr(document_text, "__file__", str(program))


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


async def test_two_documents_are_parsed_at_once_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = most = 0

    async def stand_in(kind: str, data: bytes) -> str:
        nonlocal now, most
        now += 1
        most = max(most, now)
        for _ in range(10):
            await asyncio.sleep(0)
        now -= 1
        return "text"

    monkeypatch.setattr(documents, "_parse", stand_in)
    local = LocalDocuments()
    assert (
        await asyncio.gather(*(local.read(data, "") for data in (pdf(), docx()) * 3))
        == ["text"] * 6
    )
    assert most == 2


@pytest.mark.skipif(
    sys.platform != "linux", reason="the limits are set as far as a system has them"
)
def test_time_and_memory_of_the_process_are_limited() -> None:
    hungry = (
        "import resource; from adapters import document_text as program; program._limit();"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[1]);"
        "program._extract = lambda kind, data: bytearray(2_000_000_000) and '';"
        "raise SystemExit(program.main('pdf'))"
    )
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", hungry], input=b"", capture_output=True, check=False
    )
    assert (run.returncode, run.stdout) == (document_text.TOO_BIG, b"15\n")
