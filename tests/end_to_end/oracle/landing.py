"""Records on their way → files in landing folders, and the description of the same files for the oracle."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from .generator import Sent
from .message_xml import broken, message
from .records import Delivered, Raw, Source

NAMES = ("m.xml", "M.xml", "n-1.xml", "n-10.xml", "单.xml", "z.xml", "a b.xml", "_.xml")
LARGEST = 40
NO_LIST = b'<CEB607Message xmlns="http://www.chinaport.gov.cn/ceb"><WayBill><note>%d</note></WayBill></CEB607Message>'


class Landing:
    """Writes `landing/<source>/<date>/**` under `home` and keeps what the oracle needs to know of each date."""

    def __init__(self, home: Path, dates: Sequence[date], sources: Sequence[Source], seed: int) -> None:
        self.home = home
        self.dates = dates
        self.sources = sources
        self.random = Random(seed)  # noqa: S311
        self.delivered: dict[date, list[Delivered]] = {day: [] for day in dates}

    def write(self, sent: list[Sent]) -> dict[date, list[Delivered]]:
        random = self.random
        groups: dict[tuple[int, str, str], list[Raw]] = {}
        for each in sent:
            groups.setdefault((each.run, each.source.source_id, each.message), []).append(each.raw)
        for (run, source_id, code), records in sorted(groups.items(), key=lambda group: group[0]):
            random.shuffle(records)
            while records:
                size = random.randint(1, LARGEST)
                taken, records[:size] = records[:size], []
                self._deliver(run, source_id, code, taken, message(code, taken, random))
        for run in range(len(self.dates)):
            self._deliver(run, self._any_source(), None, [], broken(random))
            self._deliver(run, self._any_source(), "CEB607", [], NO_LIST % random.getrandbits(30))
        return self.delivered

    def _any_source(self) -> str:
        return self.random.choice(self.sources).source_id

    def _deliver(self, run: int, source_id: str, code: str | None, records: list[Raw], content: bytes) -> None:
        self._write(run, source_id, code, records, content)
        if self.random.random() < 0.05:
            later = self.random.randint(run, len(self.dates) - 1)
            again = self.random.choice([source_id, self._any_source()])
            self._write(later, again, code, records, content)

    def _write(self, run: int, source_id: str, code: str | None, records: list[Raw], content: bytes) -> None:
        day = self.dates[run]
        folder = self.home / "landing" / source_id / day.isoformat()
        name = self.random.choice(NAMES)
        sub, number = "", 0
        wrap = self.random.choice(["plain"] * 8 + ["gz", "zip"])
        landed = {"plain": name, "gz": f"{name}.gz", "zip": f"{name[:-4]}.zip"}[wrap]
        while (folder / sub / landed).exists():
            number += 1
            sub = f"{self.random.choice('Ab')}{number}"
        target = folder / sub / landed
        target.parent.mkdir(parents=True, exist_ok=True)
        path, file_name, stored, digested = f"{sub}/{landed}".lstrip("/"), landed, content, content
        if wrap == "gz":
            stored = digested = gzip.compress(content, mtime=0)
        elif wrap == "zip":
            member = self.random.choice(["m.xml", "in/m.xml", "b.xml"])
            path, file_name, stored = f"{path}/{member}", f"{landed}/{member}", _zipped(member, content)
        target.write_bytes(stored)
        sha256 = hashlib.sha256(digested).hexdigest()
        self.delivered[day].append(
            Delivered(source_id, path, sha256, code, records, broken=code is None, file_name=file_name)
        )


def _zipped(member: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(member, (2026, 11, 20, 0, 0, 0)), content)
    return buffer.getvalue()
