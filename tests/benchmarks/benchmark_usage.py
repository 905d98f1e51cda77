"""What a process and all that it starts use: seconds, peak memory, bytes written."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from sandan.home import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home

SAMPLE_SECONDS = 0.1


@dataclass
class Usage:
    """What the process tree used, a sample each: the time, its memory, and what it has written so far, in bytes."""

    samples: list[tuple[float, int, int]] = field(default_factory=list)
    written: dict[int, int] = field(default_factory=dict)

    def sample(self, root: psutil.Process) -> None:
        memory = 0
        for process in [root, *root.children(recursive=True)]:
            try:
                memory += process.memory_info().rss
                self.written[process.pid] = process.io_counters().write_chars
            except psutil.Error:  # it has just ended
                continue
        self.samples.append((time.time(), memory, sum(self.written.values())))

    def between(self, start: float, end: float) -> tuple[int, int]:
        """Peak memory and bytes written."""
        memory = [used for at, used, _ in self.samples if start <= at <= end]
        before = max((written for at, _, written in self.samples if at <= start), default=0)
        after = max((written for at, _, written in self.samples if at <= end), default=0)
        return max(memory, default=0), after - before


def sandan(home: Home, *command: str) -> tuple[Usage, float, float]:
    """Run `python -m sandan` with `command`; what it used, when it began and when it ended."""
    return watched(home.root / "output", "-m", "sandan", *command, SANDAN_HOME=str(home.root))


def watched(output: Path, *command: str, **environment: str) -> tuple[Usage, float, float]:
    """Run Python with `command`, which writes to `output`; what it used, when it began and when it ended."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SANDAN"))}
    places = {"PYTHONPATH": str(PROJECT / "plugins"), **environment}
    usage = Usage()
    start = time.time()
    with output.open("w") as file:
        process = psutil.Popen([sys.executable, *command], env=clean | places, stdout=file, stderr=subprocess.STDOUT)
        while process.poll() is None:
            usage.sample(process)
            time.sleep(SAMPLE_SECONDS)
    end = time.time()
    assert process.returncode == 0, output.read_text("utf-8")
    return usage, start, end
