#!/usr/bin/env python3
"""Kill runners at random moments and see that nothing is lost and nothing is repeated.

  torture.py LANES [--runs 100] [--seed N] [--mode kill|git|full|truncate|all] [--at-once 2]

Each run is 60 short tasks with random dependencies; some of them fail when they run first. A task appends
a line to one file as it starts and to another as it ends, so what ran, and how often, is known without
asking lanes. The runner, or what stands for it, is killed with SIGKILL once or several times, and `lanes resume` takes the run
up each time.

  kill      nothing else
  git       the project is a repository, and tasks work in worktrees; some of them change the same line, and in
            half of the runs they say so and run at the same time all the same
  full      the project is on a small disk that is full for a while, also when the runner is killed
  truncate  after a kill the journal or its write-ahead log is cut at a random byte

In the end every task must have succeeded once in the journal, started as often as it fails and once
more, and ended once; the task list must say so, and no process may be left over. In a repository the
result must have every task's work, each merged once, with no worktree and no lock left. The status is 0 when all runs were like that. A run
that was not keeps its folder; the same seed repeats the same choices, not the same moments.
"""
import argparse
import concurrent.futures
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter

from processes import family

TASKS = 60
JOBS = 6
MOST_KILLS = 6
PATIENCE = 120


class Fault(Exception):
    """What a run did that it must not do."""


def layered_plan(rng, suffix, in_git=False):
    """TASKS tasks in layers; each depends on one task of the layer before and on some of earlier ones.

    Long ids, made by a suffix, make the file of exit statuses grow over a page.
    """
    tasks, earlier, layer = [], [], []
    while len(tasks) < TASKS:
        width = min(rng.randint(3, 14), TASKS - len(tasks))
        before, layer = layer, list(range(len(tasks) + 1, len(tasks) + 1 + width))
        for number in layer:
            needs = {rng.choice(before)} if before else set()
            needs |= set(rng.sample(earlier, min(len(earlier), rng.randint(0, 2))))
            needs = [f"{need}{suffix}" for need in sorted(needs)]
            tasks.append(task(f"{number}{suffix}", needs, rng, in_git))
        earlier += layer
    return tasks


def task(name, needs, rng, in_git):
    seconds = rng.uniform(0.02, 0.3)
    fails = rng.random() < 0.15
    meets = in_git and rng.random() < 0.1
    work = ""
    if in_git:
        work = 'mkdir -p out; echo "$LANES_TASK_ID" >"out/$LANES_TASK_ID"; '
        if rng.random() < 0.5:
            work += "git add out; git commit -qm work; "
        if meets:
            work += 'sed -i "1s/$/ $LANES_TASK_ID/" shared; '
    command = (
        'echo "$LANES_TASK_ID $LANES_ATTEMPT" >>"$OUTSIDE/starts"; '
        + ('mkdir "$OUTSIDE/failed-$LANES_TASK_ID" && exit 1; ' if fails else "")
        + work
        + f'sleep {seconds:.3f}; echo "$LANES_TASK_ID" >>"$OUTSIDE/ends"'
    )
    if rng.random() < 0.2:
        command = "exec sh -c '" + command.replace("'", "'\\''") + "'"
    return {
        "id": name,
        "title": f"Task {name[:3]}",
        "status": "pending",
        "dependencies": needs,
        "seconds": seconds,
        "fails": fails,
        "meets": meets,
        "metadata": {"lanes": {"command": command}} | ({"files": ["shared"]} if meets else {}),
    }


def expected_time(tasks):
    """About how long the run takes: the barrier bound or the work, whichever is more."""
    level = {}
    longest = Counter()
    for each in tasks:
        level[each["id"]] = 1 + max((level[need] for need in each["dependencies"]), default=-1)
        place = level[each["id"]]
        longest[place] = max(longest[place], each["seconds"])
    return max(sum(longest.values()), sum(each["seconds"] for each in tasks) / JOBS)


class Trial:
    """One run, from its start through all its deaths to its end."""

    def __init__(self, lanes, mode, seed):
        self.lanes, self.mode, self.rng = lanes, mode, random.Random(seed)
        self.predicted = "speculate" if mode == "git" and seed % 2 else "off"
        self.folder = tempfile.mkdtemp(prefix="lanes-torture-")
        self.project = os.path.join(self.folder, "project")
        self.outside = os.path.join(self.folder, "outside")
        os.mkdir(self.project)
        os.mkdir(self.outside)
        self.plan = layered_plan(
            self.rng, "-" + "x" * 80 if mode == "full" else "", in_git=mode == "git")
        self.time = expected_time(self.plan)
        self.kills = 0
        self.filler = None

    # The disk

    def mount(self):
        if self.mode != "full":
            return
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "lanes-torture", self.project],
            check=True,
        )

    def fill(self):
        """Takes all space, or all but a few pages."""
        self.filler = os.path.join(self.project, "filler")
        spared = self.rng.choice([0, 0, 0, 1, 2, 5, 20])
        with open(self.filler, "wb", buffering=0) as file:
            size = 0
            try:
                while True:
                    size += file.write(b"\0" * 4096)
            except OSError:
                file.truncate(max(0, size - spared * 4096))

    def free(self):
        if self.filler:
            os.unlink(self.filler)
            self.filler = None

    def cut(self):
        """Cuts the journal or its log at a random byte."""
        path = os.path.join(self.project, ".lanes", "lanes.sqlite")
        files = [each for each in (path, path + "-wal") if os.path.exists(each)]
        if not files:
            return
        chosen = self.rng.choice(files)
        size = os.path.getsize(chosen)
        where = self.rng.randint(0, size)
        os.truncate(chosen, where)
        self.note(f"cut {os.path.basename(chosen)} of {size} bytes at {where}")

    # The runner

    def note(self, words):
        with open(os.path.join(self.outside, "story"), "a") as file:
            file.write(f"{time.time():.3f} {words}\n")

    def start(self, *words):
        self.note("lanes " + " ".join(words))
        with open(os.path.join(self.outside, "output"), "ab") as output:
            return subprocess.Popen(
                [self.lanes, *words],
                cwd=self.project,
                env=dict(os.environ, OUTSIDE=self.outside),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self, runner):
        """Kills the process that was started, the one that does its work, or both."""
        processes = family(runner.pid)
        victims = self.rng.choice([processes[:1], processes[-1:], [processes[0], processes[-1]]])
        for victim in victims:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        status = runner.wait()
        if status == -signal.SIGKILL:
            self.kills += 1
        self.note(f"killed; status {status}")
        return status

    def moment(self):
        """How long the runner may live: mostly any part of the run, sometimes hardly at all."""
        if self.rng.random() < 0.25:
            return self.rng.uniform(0, 0.04)
        return self.rng.uniform(0, self.time)

    def live(self, runner):
        """Lets a runner live until it is killed; true when it came to its end before."""
        end = time.monotonic() + self.moment()
        if self.mode == "full" and self.rng.random() < 0.8:
            self.wait(runner, time.monotonic() + self.rng.uniform(0, self.time))
            self.fill()
            self.note("full")
            end = time.monotonic() + self.rng.uniform(0, 1.5)
            if self.rng.random() < 0.3:
                self.wait(runner, end)
                self.free()
                self.note("free")
                end = time.monotonic() + self.moment()
        self.wait(runner, end)
        return runner.poll() is not None

    def wait(self, runner, until):
        try:
            runner.wait(max(0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass

    # The repository

    def git(self, *words):
        result = subprocess.run(
            ["git", *words], cwd=self.project, capture_output=True, text=True, check=False)
        if result.returncode:
            raise Fault(f"git {' '.join(words)}: {result.stderr}")
        return result.stdout

    def make_repository(self):
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Torture")
        self.git("config", "user.email", "torture@example.invalid")
        for name, text in (("shared", "line\n"), (".gitignore", "/tasks/\n")):
            with open(f"{self.project}/{name}", "w") as file:
                file.write(text)
        self.git("add", ".")
        self.git("commit", "-q", "-m", "The beginning")

    def check_repository(self):
        branches = self.git("for-each-ref", "--format=%(refname:short)", "refs/heads/integration")
        result = max(branches.split(), key=lambda name: int(name.split("-")[1]))
        self.git("fsck", "--strict")
        for each in self.plan:
            if (text := self.git("show", f"{result}:out/{each['id']}")) != each["id"] + "\n":
                raise Fault(f"task {each['id']} left {text!r} in the result")
            self.git("merge-base", "--is-ancestor",
                     f"feature/task-{each['id']}-implementation", result)
        line = self.git("show", f"{result}:shared").split()
        if sorted(line[1:]) != sorted(each["id"] for each in self.plan if each["meets"]):
            raise Fault(f"the line that several tasks change is {line}")
        subjects = self.git("log", "--merges", "--first-parent", "--format=%s", f"main..{result}")
        merged = Counter(subject.split()[2].rstrip(":") for subject in subjects.splitlines())
        wanted = Counter(each["id"] for each in self.plan)
        if merged != wanted:
            raise Fault(f"merged more or less than once: {self.difference(merged, wanted)}")
        if len(worktrees := self.git("worktree", "list").splitlines()) != 1:
            raise Fault(f"worktrees left: {worktrees[1:]}")
        locks = [os.path.join(place, name) for place, _, names in os.walk(f"{self.project}/.git")
                 for name in names if name.endswith(".lock")]
        if locks:
            raise Fault(f"locks left: {locks}")
        if status := self.git("status", "--porcelain"):
            raise Fault(f"the checkout was changed: {status}")

    def begin(self):
        return self.start(
            "run", "-j", str(JOBS), "--grace", "1s", "--attempts", "2", "--backoff", "50ms",
            "--predicted", self.predicted)

    def next_runner(self):
        """Takes the run up again, or begins it when the last runner died before there was one."""
        runs = os.path.join(self.project, ".lanes", "runs")
        known = [each for each in self.run_names(runs) if os.path.exists(f"{runs}/{each}/run.json")]
        return self.start("resume") if known else self.begin()

    @staticmethod
    def run_names(runs):
        return os.listdir(runs) if os.path.isdir(runs) else []

    def run(self):
        self.mount()
        os.makedirs(f"{self.project}/tasks")
        with open(f"{self.project}/tasks/tasks.json", "w") as file:
            json.dump({"tasks": self.plan}, file, indent=2)
        if self.mode == "git":
            self.make_repository()
        runner = self.begin()
        for _ in range(self.rng.randint(1, MOST_KILLS)):
            if self.live(runner):
                break
            self.kill(runner)
            if self.rng.random() < 0.5:
                time.sleep(self.rng.uniform(0, 0.5))
            self.free()
            if self.mode == "truncate":
                self.cut()
            runner = self.next_runner()
        self.end(runner)

    def end(self, runner):
        """The last runner comes to its end; one that the full disk stopped is followed by another."""
        for _ in range(3):
            try:
                status = runner.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                raise Fault(f"the runner was not done after {PATIENCE} s") from None
            self.note(f"ended; status {status}")
            self.free()
            if status == 0:
                self.resume_in_vain()
                return
            if self.mode != "full":
                raise Fault(f"exit status {status}")
            runner = self.next_runner()
        raise Fault(f"exit status {status}")

    def resume_in_vain(self):
        """Once the run has succeeded, resuming is harmless, and writes what a full disk kept back."""
        if (status := self.start("resume").wait(PATIENCE)) != 0:
            raise Fault(f"exit status {status} of a resumption with nothing to do")

    # What must be so in the end

    def check(self):
        self.check_effects()
        self.check_journal()
        self.check_task_list()
        self.check_processes()
        if self.mode == "git":
            self.check_repository()

    def lines(self, name):
        path = os.path.join(self.outside, name)
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return file.read().splitlines()

    def check_effects(self):
        ends = Counter(self.lines("ends"))
        starts = Counter(line.split()[0] for line in self.lines("starts"))
        once = Counter(each["id"] for each in self.plan)
        twice = Counter(each["id"] for each in self.plan if each["fails"])
        for name, found, wanted in (("starts", starts, once + twice), ("ends", ends, once)):
            # What did not merge runs again.
            again = {each["id"] for each in self.plan if each["meets"]}
            found = Counter({key: min(count, wanted[key]) if key in again else count
                             for key, count in found.items()})
            if found != wanted:
                raise Fault(f"the wrong number of {name}: {self.difference(found, wanted)}")

    @staticmethod
    def difference(found, wanted):
        keys = sorted(found.keys() | wanted.keys())
        return ", ".join(f"{key[:4]}: {found[key]}" for key in keys if found[key] != wanted[key])

    def check_journal(self):
        path = os.path.join(self.project, ".lanes", "lanes.sqlite")
        journal = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            # A runner that was killed before its run was in the journal leaves a folder only.
            run, = journal.execute("SELECT id FROM runs ORDER BY rowid DESC LIMIT 1").fetchone()
            if (answer := journal.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise Fault(f"the journal: {answer}")
            rows = journal.execute(
                "SELECT seq, kind, task, body FROM events WHERE run = ? ORDER BY seq", (run,)
            ).fetchall()
        finally:
            journal.close()
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            raise Fault("the journal has a gap")
        ends = [(row[2], json.loads(row[3])["result"]) for row in rows if row[1] == "task_finished"]
        wanted = Counter((each["id"], "succeeded") for each in self.plan)
        if Counter(ends) != wanted:
            raise Fault(f"results in the journal: {list(Counter(ends) - wanted)[:9]} too many,"
                        f" {list(wanted - Counter(ends))[:9]} missing")
        self.adopted = sum(row[1] == "attempt_adopted" for row in rows)

    def check_task_list(self):
        with open(f"{self.project}/tasks/tasks.json") as file:
            tasks = json.load(file)["tasks"]
        open_ones = [each["id"] for each in tasks if each["status"] != "done"]
        if open_ones:
            raise Fault(f"the task list does not have {open_ones} as done")

    def check_processes(self):
        mark = b"OUTSIDE=" + self.outside.encode()
        left = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read().split(b"\0"):
                        left.append(pid)
            except OSError:
                pass
        if left:
            raise Fault(f"processes left over: {', '.join(left)}")

    def close(self, keep):
        self.free()
        if self.mode == "full":
            if keep:
                shutil.copytree(self.project, self.project + "-copy", symlinks=True)
            subprocess.run(["umount", "-l", self.project], check=False)
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def perform(lanes, mode, seed):
    """One trial: how often it was killed, how many tasks were adopted, and the fault, if any."""
    trial = Trial(lanes, mode, seed)
    fault = None
    trial.adopted = 0
    try:
        trial.run()
        trial.check()
    except (Fault, sqlite3.Error, OSError, ValueError) as error:
        fault = f"{mode}, seed {seed}: {error}; see {trial.folder}"
    trial.close(keep=fault is not None)
    return trial.kills, trial.adopted, fault


def can_mount():
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "x", folder],
                          stderr=subprocess.DEVNULL).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


def torture(lanes, mode, runs, seed, at_once):
    """Performs the trials of one mode and returns the number of faults."""
    if mode == "full" and not can_mount():
        print("full: skipped, because only root can mount a small disk")
        return 0
    begun, lock = time.monotonic(), threading.Lock()
    kills = adopted = done = 0
    faults = []
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        trials = [pool.submit(perform, lanes, mode, seed + number) for number in range(runs)]
        for trial in concurrent.futures.as_completed(trials):
            with lock:
                more_kills, more_adopted, fault = trial.result()
                kills, adopted, done = kills + more_kills, adopted + more_adopted, done + 1
                if fault:
                    faults.append(fault)
                    print(f"FAULT {fault}", flush=True)
                if done % 10 == 0 and done < runs:
                    print(f"{mode}: {done} runs, {kills} kills", flush=True)
    print(
        f"{mode}: {runs} runs, {kills} kills, {adopted} tasks adopted,"
        f" {len(faults)} faults, {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    return len(faults)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lanes", help="the binary")
    parser.add_argument("--runs", type=int, default=100, help="runs of each mode")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--mode", choices=["kill", "git", "full", "truncate", "all"], default="all")
    parser.add_argument("--at-once", type=int, default=2, help="trials side by side")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(1_000_000)
    lanes = shutil.which(arguments.lanes)
    if not lanes:
        parser.error(f"{arguments.lanes} is no program")
    print(f"seed {seed}")
    modes = ["kill", "git", "full", "truncate"] if arguments.mode == "all" else [arguments.mode]
    faults = sum(
        torture(os.path.abspath(lanes), mode, arguments.runs, seed, arguments.at_once)
        for mode in modes)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
