#!/usr/bin/env python3
"""Measures `-j auto`: against fixed numbers of tasks at once, and beside a program that takes all memory.

    auto.py LANES [--rounds 4] [--tasks 100] [--only speed|hog]

The first part runs tasks that use a processor for about 0.2 s each, with each number in turn. The second runs
tasks that sleep in a control group of 1 GiB, so that the machine is in no danger (which takes root), and has a
program in that group hold all but 3 % of it for ten seconds. Exits with 1 where a bound is missed.
"""
import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

GIB = 1 << 30
missed = []


def hold(name, isHeld):
    if not isHeld:
        missed.append(name)
    return "holds" if isHeld else "MISSED"


def project(tasks, command):
    folder = tempfile.mkdtemp(prefix="lanes-auto-")
    with open(folder + "/tasks.json", "w") as file:
        json.dump({"tasks": [{"id": n, "title": f"t{n}", "status": "pending", "dependencies": []}
                             for n in range(1, tasks + 1)]}, file)
    with open(folder + "/lanes.yml", "w") as file:
        file.write(f"command: {json.dumps(command)}\nwrite_status: false\n")
    return folder


def burning():
    """A command that uses a processor for about 0.2 s."""
    def used(count):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(["awk", f"BEGIN {{ while (i++ < {count}); }}"], check=True)
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    count = 2_000_000
    count = round(count * 0.2 / statistics.median(used(count) for _ in range(5)))
    return f"awk 'BEGIN {{ while (i++ < {count}); }}'"


def speed(lanes, rounds, tasks):
    command = burning()
    walls = {"auto": [], "1": [], "2": [], "3": [], "4": []}
    last = None
    for number in range(rounds):
        # Each begins a round once, as what ran before weighs on what runs next.
        names = list(walls)
        for jobs in names[number % len(names):] + names[: number % len(names)]:
            # One at a time leaves processors idle; once is enough to see that.
            if jobs == "1" and number > 0:
                continue
            folder = project(tasks, command)
            start = time.monotonic()
            subprocess.run([lanes, "run", "tasks.json", "-j", jobs, "--output", "quiet", "--isolate", "none"],
                           cwd=folder, check=True)
            walls[jobs].append(time.monotonic() - start)
            print(f"auto: {tasks} tasks with -j {jobs}: {walls[jobs][-1]:.2f} s", flush=True)
            if jobs == "auto":
                last = folder
    print(f"| -j | {tasks} tasks, median s | least, most |\n| --- | --- | --- |")
    for jobs, values in walls.items():
        print(f"| {jobs} | {statistics.median(values):.2f} | {min(values):.2f}, {max(values):.2f} |")
    best = min((jobs for jobs in walls if jobs != "auto"), key=lambda jobs: statistics.median(walls[jobs]))
    ratios = [fixed / own for fixed, own in zip(walls[best], walls["auto"])]
    print(f"auto: {statistics.median(ratios) * 100:.1f} % of the throughput of -j {best}"
          f" ({min(ratios) * 100:.1f} to {max(ratios) * 100:.1f};"
          f" at least 95: {hold('speed', statistics.median(ratios) >= 0.95)})")
    print("auto: in its last run: " + "; ".join(text for _, text in changes(last)), flush=True)


def changes(folder):
    """When the number of tasks at once changed, in seconds since 1970, and how."""
    journal = sqlite3.connect(f"file:{folder}/.lanes/lanes.sqlite?mode=ro", uri=True)
    rows = journal.execute("SELECT at, body FROM events WHERE kind = 'jobs_changed' ORDER BY seq").fetchall()
    start = journal.execute("SELECT min(at) FROM events").fetchone()[0]
    found = []
    for at, body in rows:
        fields = json.loads(body)
        found.append((at / 1e6, f"{(at - start) / 1e6:.1f} s: {fields['jobs']} ({fields.get('reason')})"))
    return found


class Group:
    """A control group of either version with a limit of memory."""

    def __init__(self, limit):
        own = [line.split(":", 2) for line in open("/proc/self/cgroup").read().splitlines()]
        first = [path for _, kinds, path in own if "memory" in kinds.split(",")]
        top = "/sys/fs/cgroup/memory" + first[0] if first else "/sys/fs/cgroup" + own[-1][2]
        self.path = f"{top.rstrip('/')}/lanes-auto-{os.getpid()}"
        names = (("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control") if first
                 else ("memory.max", "memory.current", "memory.events"))
        self.limit, self.used = limit, f"{self.path}/{names[1]}"
        os.mkdir(self.path)
        with open(f"{self.path}/{names[0]}", "w") as file:
            file.write(str(limit))
        self.kills = f"{self.path}/{names[2]}"

    def enter(self):
        with open(self.path + "/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))

    def free(self):
        return self.limit - int(open(self.used).read())

    def oomKills(self):
        return sum(int(line.split()[1]) for line in open(self.kills) if line.startswith("oom_kill "))

    def remove(self):
        for _ in range(100):
            try:
                return os.rmdir(self.path)
            except OSError:
                time.sleep(0.1)


def swapped():
    return sum(int(line.split()[1]) for line in open("/proc/vmstat") if line.startswith("pswpout"))


def hog(lanes):
    group = Group(GIB)
    folder = project(3000, "sleep 0.2")
    before = swapped()
    run = subprocess.Popen([lanes, "run", "tasks.json", "-j", "auto", "--output", "quiet", "--isolate", "none"],
                           cwd=folder, preexec_fn=group.enter)
    time.sleep(8)
    # What Python itself takes, and as much as to leave 3 % of the group.
    text = "import time; held = b'x' * %d; time.sleep(10)" % (group.free() - (8 << 20) - GIB * 3 // 100)
    begin = time.time()
    subprocess.run([sys.executable, "-c", text], preexec_fn=group.enter, check=True)
    end = time.time()
    time.sleep(4)
    subprocess.run([lanes, "cancel", "--all"], cwd=folder, stdout=subprocess.DEVNULL)
    run.wait()
    found = changes(folder)
    print("auto: beside a hog from 8 to 18 s: " + "; ".join(words for _, words in found))
    kills = group.oomKills()
    fewer = [int(words.split(": ")[1].split()[0]) for at, words in found if begin < at < end and "memory" in words]
    most = max([int(words.split(": ")[1].split()[0]) for at, words in found if at < begin] or [0])
    isLower = bool(fewer) and min(fewer) <= max(1, most // 4)
    print(f"auto: from {most} tasks at once to {min(fewer, default=most)} ({hold('hog', isLower)}); pages swapped"
          f" out {swapped() - before}, programs killed for memory {kills} ({hold('kills', kills == 0)})", flush=True)
    group.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lanes")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--only", choices=["speed", "hog"])
    call = parser.parse_args()
    lanes = os.path.realpath(call.lanes)
    if call.only != "hog":
        speed(lanes, call.rounds, call.tasks)
    if call.only != "speed":
        hog(lanes)
    sys.exit(f"auto: missed: {', '.join(missed)}" if missed else 0)


main()
