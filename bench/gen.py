#!/usr/bin/env python3
"""Write one graph of tasks in the format of each runner that is measured.

  gen.py wide --tasks 1000 DIR        tasks without dependencies
  gen.py layered --tasks 10000 DIR    layers of 100; each task needs 1 to 3 of the layer before
  gen.py chain --tasks 500 DIR        each task needs the one before
  gen.py seven DIR                    seven tasks that sleep 0.30 to 0.60 s, in three levels
  gen.py random --tasks 200 DIR       sleeps of uneven length, about 25 levels

DIR gets graph.tsv (c/limit), tasks.json (lanes), Makefile, build.ninja, and for runners without
dependencies levels/0000.txt and so on, a command a line. The same arguments give the same files.
"""
import argparse
import json
import math
import os
import random
from collections import namedtuple

Task = namedtuple("Task", "id needs seconds command")


def plain(number, needs):
    return Task(number, needs, 0, "true")


def asleep(number, needs, seconds):
    return Task(number, needs, seconds, "sleep %.3f" % seconds)


def wide(count):
    return [plain(number, []) for number in range(1, count + 1)]


def chain(count):
    return [plain(number, [number - 1][: number - 1]) for number in range(1, count + 1)]


def layered(count, width=100, seed=1):
    rng = random.Random(seed)
    tasks = []
    for number in range(1, count + 1):
        layer = (number - 1) // width
        before = range((layer - 1) * width + 1, layer * width + 1) if layer else []
        needs = sorted(rng.sample(before, rng.randint(1, 3))) if layer else []
        tasks.append(plain(number, needs))
    return tasks


def seven(_):
    seconds = [0.30, 0.50, 0.45, 0.40, 0.45, 0.35, 0.60]
    needs = {2: [1], 5: [3, 4], 7: [2, 5, 6]}
    return [asleep(n + 1, needs.get(n + 1, []), each) for n, each in enumerate(seconds)]


def uneven(count, width=8, seed=1):
    """Each task needs one of the eight before its own, and half of them any earlier one as well."""
    rng = random.Random(seed)
    tasks = []
    for number in range(1, count + 1):
        layer = (number - 1) // width
        needs = set()
        if layer:
            needs.add(rng.randint((layer - 1) * width + 1, layer * width))
            if rng.random() < 0.5:
                needs.add(rng.randint(1, layer * width))
        seconds = min(1.5, max(0.005, rng.lognormvariate(math.log(0.05), 1.1)))
        tasks.append(asleep(number, sorted(needs), round(seconds, 3)))
    return tasks


def levels(tasks):
    level = {}
    for task in tasks:  # a task stands after those it needs
        level[task.id] = 1 + max((level[each] for each in task.needs), default=-1)
    groups = [[] for _ in range(1 + max(level.values()))]
    for task in tasks:
        groups[level[task.id]].append(task)
    return groups


def graph_tsv(tasks):
    row = "%d\t%s\t%g\t%s\n"
    return "".join(
        row % (t.id, ",".join(map(str, t.needs)) or "-", t.seconds, t.command) for t in tasks)


def tasks_json(tasks):
    return json.dumps({"master": {"tasks": [
        {"id": t.id, "title": "t%d" % t.id, "dependencies": t.needs, "status": "pending",
         "metadata": {"lanes": {"command": t.command}}} for t in tasks]}})


def names(numbers):
    return " ".join("t%d" % number for number in numbers)


def makefile(tasks):
    every = names(t.id for t in tasks)
    lines = [".SUFFIXES:", "MAKEFLAGS += -rR --no-print-directory", "all: " + every,
             ".PHONY: all " + every]
    for task in tasks:
        lines += ["t%d: %s" % (task.id, names(task.needs)), "\t@" + task.command]
    return "\n".join(lines) + "\n"


def build_ninja(tasks):
    """No output is ever made, so that each run builds everything."""
    lines = ["rule r", "  command = $c", "  description = $out"]
    for task in tasks:
        lines += ["build t%d: r %s" % (task.id, names(task.needs)), "  c = " + task.command]
    return "\n".join(lines) + "\n"


def main():
    shapes = {"wide": wide, "layered": layered, "chain": chain, "seven": seven, "random": uneven}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shape", choices=shapes)
    parser.add_argument("folder")
    parser.add_argument("--tasks", type=int, default=1000)
    arguments = parser.parse_args()
    tasks = shapes[arguments.shape](arguments.tasks)
    files = {"graph.tsv": graph_tsv(tasks), "tasks.json": tasks_json(tasks),
             "Makefile": makefile(tasks), "build.ninja": build_ninja(tasks)}
    for number, group in enumerate(levels(tasks)):
        files["levels/%04d.txt" % number] = "".join(t.command + "\n" for t in group)
    os.makedirs(os.path.join(arguments.folder, "levels"), exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(arguments.folder, name), "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
