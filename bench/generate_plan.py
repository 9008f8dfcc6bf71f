#!/usr/bin/env python3
"""Write a large TaskMaster file, and the same graph for make and ninja.

  generate_plan.py DIR [--tasks 100000] [--dependencies 300000] [--seed 1]

DIR gets tasks.json (about 260 bytes a task), Makefile and build.ninja. The same arguments give the
same files.
"""
import argparse
import json
import os
import random

WORDS = """schema service endpoint module test client cache queue worker token session route view
model parser index migration handler report import export filter search upload login billing""".split()


def graph(count, edges, seed):
    """Tasks 1 to count in layers of 1,000; each depends on earlier tasks, edges in all."""
    rng = random.Random(seed)
    dependencies = [[] for _ in range(count + 1)]
    width = max(1, min(1000, count // 10))
    movable = count - width
    for number in range(edges if movable > 0 else 0):
        task = width + 1 + (number % movable)
        first = max(1, task - 5 * width)
        target = rng.randint(first, (task - 1) // width * width)
        if target not in dependencies[task]:
            dependencies[task].append(target)
    return [sorted(each) for each in dependencies]


def sentence(rng, words):
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def task(number, dependencies, rng):
    return {
        "id": number,
        "title": sentence(rng, 3)[:-1],
        "description": sentence(rng, 4),
        "status": "pending",
        "dependencies": dependencies,
        "estimate": "%dm" % rng.randint(5, 240),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--dependencies", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    dependencies = graph(arguments.tasks, arguments.dependencies, arguments.seed)
    rng = random.Random(arguments.seed)
    ids = range(1, arguments.tasks + 1)
    tasks = [task(each, dependencies[each], rng) for each in ids]
    with open(os.path.join(arguments.folder, "tasks.json"), "w") as file:
        json.dump({"master": {"tasks": tasks}}, file, indent=2)
    with open(os.path.join(arguments.folder, "Makefile"), "w") as file:
        targets = " ".join("t%d" % each for each in ids)
        file.write(".PHONY: all %s\nall: %s\n" % (targets, targets))
        for each in ids:
            needs = " ".join("t%d" % n for n in dependencies[each])
            file.write("t%d: %s\n\t@true\n" % (each, needs))
    with open(os.path.join(arguments.folder, "build.ninja"), "w") as file:
        file.write("rule r\n  command = true\n")
        for each in ids:
            needs = " ".join("t%d" % n for n in dependencies[each])
            file.write("build t%d: r %s\n" % (each, needs))


if __name__ == "__main__":
    main()
