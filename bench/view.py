#!/usr/bin/env python3
"""Measures the full-screen view: bytes a tick costs, how fast a key is answered, and what idling costs.

    view.py LANES
"""
import fcntl
import os
import pty
import random
import select
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time

from processes import family

LANES = os.path.realpath(sys.argv[1])
SECONDS = 20


class Pane:
    """A program on a terminal of its own, 200 columns and 50 rows."""

    def __init__(self, words, folder):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", CI="")
            os.environ.pop("COLORTERM", None)
            try:
                os.execvp(words[0], words)
            finally:
                os._exit(127)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))

    def read(self, seconds, until=None):
        """What is written within a time, or until a text has come; with the moments."""
        end, data, pieces = time.monotonic() + seconds, b"", []
        while time.monotonic() < end and not (until and until in data):
            if select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                try:
                    piece = os.read(self.terminal, 65536)
                except OSError:
                    break
                pieces.append((time.monotonic(), len(piece)))
                data += piece
        return data, pieces

    def press(self, text):
        os.write(self.terminal, text.encode())

    def processor_time(self):
        """Of all its threads, which are the same ones all the time; finer than the ticks of /proc/PID/stat."""
        folders = [f"/proc/{pid}/task" for pid in family(self.pid)]
        return sum(int(open(f"{folder}/{thread}/schedstat").read().split()[0])
                   for folder in folders for thread in os.listdir(folder)) / 1e9

    def end(self):
        os.kill(self.pid, 15)
        self.read(15)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def project(tasks, command):
    folder = tempfile.mkdtemp(prefix="lanes-view-")
    os.mkdir(folder + "/tasks")
    listed = ",".join('{"id":%d,"title":"Task %d","status":"pending","dependencies":[]}' % (n, n)
                      for n in range(1, tasks + 1))
    open(folder + "/tasks/tasks.json", "w").write('{"tasks":[%s]}' % listed)
    open(folder + "/lanes.yml", "w").write("command: '%s'\nwrite_status: false\n" % command)
    return folder


def idle(words, folder, name, start=3):
    pane = Pane(words, folder)
    pane.read(start)
    before = pane.processor_time()
    data, pieces = pane.read(SECONDS)
    used = pane.processor_time() - before
    groups = []
    for moment, count in pieces:
        if groups and moment - groups[-1][0] < 0.2:
            groups[-1][1] += count
        else:
            groups.append([moment, count])
    most = max((count for _, count in groups), default=0)
    print(f"view: idle for {SECONDS} s: {name}: {used * 1000:.0f} ms of processor, "
          f"{len(data) / SECONDS:.0f} bytes a second, {most} bytes at most at once")
    pane.end()


def answers(words, folder, name, count=100):
    """How long keys wait for their answer, pressed at random moments."""
    pane = Pane(words, folder)
    pane.read(10, until=b"LEVEL")
    pauses = random.Random(1)
    times = []
    for number in range(count):
        pane.read(0.03 + 0.07 * pauses.random())
        key, answer = (("?", b"task or line above"), ("1", b"LEVEL"))[number % 2]
        start = time.monotonic()
        pane.press(key)
        data, _ = pane.read(2, until=answer)
        if answer not in data:
            sys.exit(f"view: {name}: no answer to {key}")
        times.append((time.monotonic() - start) * 1000)
    times.sort()
    print(f"view: {count} keys, {name}: median {times[count // 2]:.0f} ms, 90 % within "
          f"{times[count * 9 // 10]:.0f} ms, at most {times[-1]:.0f} ms", flush=True)
    pane.end()
    return times


def keys():
    """Keys while 40,000 tasks come and go as fast as they can."""
    live = project(40000, "true")
    answers([LANES, "run", "-j", "8"], live, "live run of short tasks")
    other = project(40000, "true")
    subprocess.run([LANES, "run", "-j", "8", "--detach"], cwd=other, stdout=subprocess.DEVNULL, check=True)
    time.sleep(1)
    answers([LANES, "attach"], other, "attached to such a run")
    subprocess.run([LANES, "wait"], cwd=other, stdout=subprocess.DEVNULL)
    journal = sqlite3.connect(other + "/.lanes/lanes.sqlite")
    count, first, last = journal.execute("SELECT count(*), min(at), max(at) FROM events").fetchone()
    seconds = (last - first) / 1e6
    for rate in (10_000, 100_000):
        speed = max(1, round(rate * seconds / count))
        keys = min(100, int(seconds / speed / 0.08))
        answers([LANES, "replay", "--speed", str(speed)], other,
                f"replay of {count * speed / seconds:.0f} events a second", keys)


def main():
    waiting = project(7, "sleep 1000")
    idle([LANES, "run"], waiting, "lanes")
    for other in ("htop", "btop"):
        if subprocess.run(["sh", "-c", f"command -v {other}"], stdout=subprocess.DEVNULL).returncode == 0:
            idle([other], waiting, other)
        else:
            print(f"view: {other} is not installed")
    keys()


if __name__ == "__main__":
    main()
