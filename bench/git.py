#!/usr/bin/env python3
"""Measure what worktrees, the radar and merges cost beside git's own commands.

  git.py LANES [--files 20000] [--rounds 5] [worktrees] [radar] [merges]

worktrees  the worktrees of 8 tasks, one after the other, against `git worktree add`
radar      8 running tasks: processor time while nothing changes, and how long until two changes of
           one line are told
merges     50 branches into one, against merge-tree, commit-tree and update-ref for each
"""
import argparse
import datetime
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from processes import family


def git(folder, *words, **more):
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True,
                          **more).stdout.strip()


def make_repository(files):
    folder = tempfile.mkdtemp(prefix="lanes-bench-git-")
    for number in range(files):
        place = f"{folder}/src/{number % 100}/{number // 100 % 20}"
        os.makedirs(place, exist_ok=True)
        with open(f"{place}/file{number}.txt", "w") as file:
            file.write("".join(f"line {line} of file {number}\n" for line in range(20)))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "gc.auto", "0")
    git(folder, "config", "user.name", "Bench")
    git(folder, "config", "user.email", "bench@example.invalid")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "The beginning")
    git(folder, "gc", "-q")
    return folder


def clean(folder):
    """Removes all that a run left."""
    shutil.rmtree(folder + "/.lanes", ignore_errors=True)
    git(folder, "worktree", "prune")
    refs = git(folder, "for-each-ref", "--format=delete %(refname)", "refs/heads/feature",
               "refs/heads/integration", "refs/heads/plain", "refs/lanes")
    git(folder, "update-ref", "--stdin", input=refs + "\n" if refs else "")


def plan(folder, count, command):
    path = folder + ".json"
    with open(path, "w") as file:
        json.dump({"tasks": [{"id": number, "title": f"Task {number}", "status": "pending",
                              "dependencies": [], "metadata": {"lanes": {"command": command}}}
                             for number in range(1, count + 1)]}, file)
    return path


def start(lanes, folder, path, *flags):
    return subprocess.Popen(
        [lanes, "run", path, "--output", "json", "--no-write-status", *flags], cwd=folder,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def moment(event):
    text = event["at"].rstrip("Z")
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp()


def events(process):
    found = [json.loads(line) for line in process.stdout]
    if process.wait():
        raise SystemExit(f"lanes ended with {process.returncode}: {found[-3:]}")
    return found


def report(name, ours, theirs, limit):
    ratio = statistics.median(one / other for one, other in zip(ours, theirs))
    print(f"| {name} | {statistics.median(ours) * 1000:.0f} ms | "
          f"{statistics.median(theirs) * 1000:.0f} ms | {ratio:.2f} | {limit} |", flush=True)


def worktrees(lanes, folder, rounds):
    ours, theirs = [], []
    for _ in range(rounds):
        clean(folder)
        path = plan(folder, 8, "true")
        found = events(start(lanes, folder, path, "-j", "1", "--keep-worktrees", "all"))
        begun = {each["task"]: moment(each) for each in found if each["kind"] == "attempt_started"}
        ours.append(sum(moment(each) - begun[each["task"]] for each in found
                        if each["kind"] == "workspace_ready"))
        clean(folder)
        begin = time.monotonic()
        for number in range(8):
            git(folder, "worktree", "add", "-q", "-b", f"plain/{number}",
                f".lanes/plain/{number}", "main")
        theirs.append(time.monotonic() - begin)
    clean(folder)
    report("8 worktrees", ours, theirs, "at most 1.1")


def processor_time(pid):
    """Seconds of the processes of a run and the children they have waited for."""
    ticks = 0
    for each in family(pid):
        with open(f"/proc/{each}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def radar(lanes, folder, rounds):
    clean(folder)
    go = folder + ".go"
    path = plan(folder, 8, f"until test -e {go}; do sleep 1; done")
    process = start(lanes, folder, path, "-j", "8", "--at-merge", "rerun")
    places = {}
    while len(places) < 8:
        event = json.loads(process.stdout.readline())
        if event["kind"] == "workspace_ready":
            places[event["task"]] = event["path"]
    time.sleep(3)
    before = processor_time(process.pid)
    time.sleep(10)
    share = (processor_time(process.pid) - before) / 10
    times = []
    for number in range(rounds):
        name = f"src/{number}/0/file{number}.txt"
        begin = time.time()
        for task in ("1", "2"):
            with open(f"{places[task]}/{name}") as file:
                text = file.read()
            with open(f"{places[task]}/{name}", "w") as file:
                file.write(text.replace("line 3 ", f"line of task {task} ", 1))
        while True:
            event = json.loads(process.stdout.readline())
            if event["kind"] == "contact_seen" and any(
                    each["path"] == name for each in event.get("conflicts", [])):
                times.append(time.time() - begin)
                break
        time.sleep(1)
    open(go, "w").close()
    process.stdout.read()
    process.wait()
    os.remove(go)
    clean(folder)
    print(f"| radar, 8 tasks, nothing changes | {share * 100:.2f} % of a core | | | under 2 % |")
    print(f"| radar, a new conflict | {statistics.median(times) * 1000:.0f} ms"
          f" (most {max(times) * 1000:.0f}) | | | under 1000 ms |", flush=True)


def merges(lanes, folder, rounds):
    ours, theirs = [], []
    for _ in range(rounds):
        clean(folder)
        path = plan(folder, 50, 'echo "$LANES_TASK_ID" >>src/$LANES_TASK_ID/0/new.txt')
        found = events(start(lanes, folder, path, "-j", "4", "--live", "off"))
        begin = next(moment(each) for each in found if each["kind"] == "merge_started")
        ours.append(next(moment(each) for each in found if each["kind"] == "result_moved") - begin)
        begin = time.monotonic()
        tip = git(folder, "rev-parse", "main")
        git(folder, "update-ref", "refs/heads/plain/result", tip)
        for number in range(1, 51):
            branch = f"feature/task-{number}-implementation"
            tree = git(folder, "merge-tree", "--write-tree", tip, branch)
            commit = git(folder, "commit-tree", tree, "-p", tip, "-p", branch, "-m", "Merge")
            git(folder, "update-ref", "refs/heads/plain/result", commit, tip)
            tip = commit
        theirs.append(time.monotonic() - begin)
    clean(folder)
    report("50 branches merged", ours, theirs, "at most 1.2")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lanes")
    parser.add_argument("parts", nargs="*", default=["worktrees", "radar", "merges"])
    parser.add_argument("--files", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    call = parser.parse_intermixed_args()
    lanes = os.path.abspath(shutil.which(call.lanes) or call.lanes)
    folder = make_repository(call.files)
    try:
        print(f"\ngit, a repository of {call.files} files, load "
              f"{open('/proc/loadavg').read().split()[0]}")
        print("| what | lanes | git | ratio | wanted |\n| --- | --- | --- | --- | --- |")
        measures = {"worktrees": worktrees, "radar": radar, "merges": merges}
        for part in call.parts:
            measures[part](lanes, folder, call.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for path in (folder + ".json", folder + ".go"):
            if os.path.exists(path):
                os.remove(path)


if __name__ == "__main__":
    main()
