#!/usr/bin/env python3
"""Compares what `lanes simulate` foretells with what real runs of random graphs of sleeps take.

Usage: simulate.py LANES [RUNS]. Prints one line a run and ends with status 1 when one is off by more
than 5 %.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

LANES = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 20


def plan(numbers):
    tasks = []
    for index in range(numbers.randint(8, 20)):
        seconds = round(numbers.uniform(0.1, 0.6), 2)
        earlier = [task["id"] for task in tasks]
        needs = numbers.sample(earlier, min(len(earlier), numbers.randint(0, 3)))
        tasks.append({
            "id": str(index + 1), "title": f"Task {index + 1}", "status": "pending",
            "dependencies": sorted(needs, key=int),
            "metadata": {"lanes": {"command": f"sleep {seconds}"}, "seconds": seconds},
        })
    return tasks


def lanes(folder, *words):
    return subprocess.run([LANES, *words], cwd=folder, check=True, capture_output=True).stdout


def main():
    worst = 0
    saved = []
    for seed in range(RUNS):
        numbers = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(f"{folder}/tasks")
            with open(f"{folder}/tasks/tasks.json", "w") as file:
                json.dump({"tasks": plan(numbers)}, file)
            jobs = str(numbers.randint(1, 6))
            schedule = numbers.choice(["levels", "dataflow"])
            common = ["-j", jobs, "--schedule", schedule]
            # The first run is where the times are learnt.
            lanes(folder, "run", "-j", "4", "--no-write-status", "--output", "quiet")
            forecast = json.loads(lanes(
                folder, "simulate", *common, "--spread", "0", "--format", "json"))
            lanes(folder, "run", *common, "--no-write-status", "--output", "quiet")
            real = json.loads(lanes(folder, "report", "--format", "json"))["wall"]
            foretold = forecast["current"]["p50"]
            off = foretold / real - 1
            worst = max(worst, abs(off))
            by = {(c["jobs"], c["schedule"]): c["p50"] for c in forecast["choices"]}
            saved += [1 - by[n, "dataflow"] / by[n, "levels"] for n in range(1, 17)]
            print(f"run {seed:2}  -j {jobs} {schedule:8}  foretold {foretold:6.3f} s"
                  f"  real {real:6.3f} s  off by {100 * off:+.1f} %", flush=True)
    saved.sort()
    print(f"worst {100 * worst:.1f} %; dataflow saves {100 * saved[0]:.1f} % at worst,"
          f" {100 * saved[len(saved) // 2]:.1f} % in the middle, {100 * saved[-1]:.1f} % at best")
    return 0 if worst <= 0.05 else 1


sys.exit(main())
