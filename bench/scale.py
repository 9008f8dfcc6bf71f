#!/usr/bin/env python3
"""Measures one run of very many tasks that do nothing: time, memory, journal, and keys in the view.

    scale.py LANES [--tasks 50000] [--rounds 5] [--only time|keys]

Rounds are one after the other: SMALL, many tasks, SMALL and so on, each between two runs of the yardstick on the
same graph, where SMALL is ten runs of 1,000. Overhead is what a run takes more than its yardstick, a task;
processor time says the same with less noise. What a run costs beside its tasks weighs a fiftieth in the many,
so it is shown, and the ratio also without it, which is the harder one. Exits with 1 where a bound is missed.
"""
import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import gen
import measure
import view

SMALL, REPEATED = 1000, 10
JOBS = 2
BOUNDS = {"ratio": 1.15, "MiB of memory": 200, "MiB of journal a 10,000 tasks": 25, "ms a key": 50}
missed = []


def hold(name, value, bound):
    verdict = "holds" if value <= bound else "MISSED"
    if value > bound:
        missed.append(name)
    return f"{value:.2f} (at most {bound}: {verdict})"


class Graph:
    """A folder with a graph of tasks that do nothing, put back after each run."""

    def __init__(self, parent, tasks):
        self.tasks, self.folder = tasks, f"{parent}/wide-{tasks}"
        listed = gen.wide(tasks)
        os.makedirs(self.folder)
        for name, text in (("graph.tsv", gen.graph_tsv(listed)), ("tasks.json", gen.tasks_json(listed))):
            with open(f"{self.folder}/{name}", "w") as file:
                file.write(text)
        with open(self.folder + "/tasks.json", "rb") as file:
            self.list = file.read()

    def run(self, command):
        measure.clean(self.folder, self.list)
        figures = measure.Figures(self.folder, command)
        if figures.status != 0:
            sys.exit(f"scale: {command} ended with {figures.status}")
        return figures


class Journal(threading.Thread):
    """The most that the journal's files take while a run goes on, and what they take at its end."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.most, self.isOver = folder + "/.lanes", 0, False

    def size(self):
        total = 0
        for ending in ("", "-wal", "-shm", "-ahead"):
            try:
                total += os.stat(self.folder + "/lanes.sqlite" + ending).st_size
            except OSError:
                pass
        return total

    def run(self):
        while not self.isOver:
            self.most = max(self.most, self.size())
            time.sleep(0.05)

    def finish(self):
        self.isOver = True
        self.join()
        return self.most / 2**20, self.size() / 2**20


class Costs:
    """What lanes and its yardstick take, a task, in microseconds."""

    def __init__(self):
        self.wall, self.cpu, self.wallOver, self.cpuOver, self.ratio = [], [], [], [], []

    def add(self, tasks, figures, yardsticks, fixed=0):
        factor = 1e6 / tasks
        wall, cpu = figures.wall - fixed, figures.cpu
        yardWall = statistics.mean(each.wall for each in yardsticks)
        yardCpu = statistics.mean(each.cpu for each in yardsticks)
        self.wall.append(wall * factor)
        self.cpu.append(cpu * factor)
        self.wallOver.append((wall - yardWall) * factor)
        self.cpuOver.append((cpu - yardCpu) * factor)
        self.ratio.append(wall / yardWall)


def spread(values, form="%.2f"):
    return f"{form % statistics.median(values)} ({form % min(values)} to {form % max(values)})"


class Sum:
    """Several runs as one."""

    def __init__(self, parts):
        self.wall, self.cpu = sum(each.wall for each in parts), sum(each.cpu for each in parts)
        self.peak = max(each.peak for each in parts)


def times(lanes, parent, tasks, rounds):
    one, small, large = Graph(parent, 1), Graph(parent, SMALL), Graph(parent, tasks)
    run = measure.RUNNERS["lanes"].format(lanes=lanes, jobs=JOBS)
    yardstick = measure.YARDSTICK.format(jobs=JOBS)
    pairs = [(one.run(run), one.run(yardstick)) for _ in range(15)]
    fixed = statistics.median(a.wall - b.wall for a, b in pairs)
    print(f"scale: a run takes {fixed * 1000:.1f} ms beside its tasks (15 runs of one task)", flush=True)

    def some():
        """A group of small runs, each with the yardstick after it."""
        pairs = [(small.run(run), small.run(yardstick)) for _ in range(REPEATED)]
        return Sum([a for a, _ in pairs]), Sum([b for _, b in pairs])

    costs = {"plain": (Costs(), Costs()), "apart": (Costs(), Costs())}
    peaks, journals = [], []
    for _ in range(rounds):
        few, fewYard = some()
        before = large.run(yardstick)
        watch = Journal(large.folder)
        measure.clean(large.folder, large.list)
        watch.start()
        many = large.run(run)
        journals.append(watch.finish())
        after = large.run(yardstick)
        few2, few2Yard = some()
        both = Sum([few, few2])
        bothYard = Sum([fewYard, few2Yard])
        for name, cost in (("plain", 0), ("apart", fixed)):
            costs[name][0].add(2 * REPEATED * SMALL, both, [bothYard], 2 * REPEATED * cost)
            costs[name][1].add(tasks, many, [before, after], cost)
        peaks.append(many.peak)
        print(f"scale: {SMALL} {costs['plain'][0].wall[-1]:.0f} µs a task, {tasks}"
              f" {costs['plain'][1].wall[-1]:.0f}; over the yardstick {costs['plain'][0].wallOver[-1]:.0f},"
              f" {costs['plain'][1].wallOver[-1]:.0f}; {peaks[-1]:.1f} MiB; journal"
              f" {journals[-1][0]:.1f} MiB at most, {journals[-1][1]:.1f} at the end", flush=True)
    tell(costs, tasks)
    print(f"scale: memory {hold('memory', max(peaks), BOUNDS['MiB of memory'])} MiB at most")
    most = max(each[0] for each in journals) * 10000 / tasks
    print(f"scale: journal {hold('journal', most, BOUNDS['MiB of journal a 10,000 tasks'])} MiB a 10,000"
          f" tasks at most, {max(each[1] for each in journals) * 10000 / tasks:.2f} at the end", flush=True)


def tell(costs, tasks):
    few, many = costs["plain"]
    print(f"\n| a task | {SMALL} tasks | {tasks} tasks | ratio |\n| --- | --- | --- | --- |")
    for words, name in (("µs", "wall"), ("µs over the yardstick", "wallOver"),
                        ("processor µs", "cpu"), ("processor µs over the yardstick", "cpuOver")):
        a, b = getattr(few, name), getattr(many, name)
        ratios = [y / x for x, y in zip(a, b)]
        print(f"| {words} | {spread(a, '%.0f')} | {spread(b, '%.0f')} | {spread(ratios)} |")
    print(f"| x wall | {spread(few.ratio)} | {spread(many.ratio)} | |")
    apart = [y / x for x, y in zip(costs["apart"][0].wallOver, costs["apart"][1].wallOver)]
    whole = [y / x for x, y in zip(costs["apart"][0].wall, costs["apart"][1].wall)]
    print(f"| µs, the run's own time taken out | | | {spread(whole)} |")
    print(f"| µs over the yardstick, the run's own time taken out | | | {spread(apart)} |\n")
    over = statistics.median(y / x for x, y in zip(few.wallOver, many.wallOver))
    print(f"scale: overhead a task against {SMALL}: {hold('overhead', over, BOUNDS['ratio'])}")


def folder(tasks):
    return view.project(tasks, "true")


def keys(lanes, tasks):
    live = folder(tasks)
    tellKeys("live run", view.answers([lanes, "run", "-j", str(JOBS)], live, "live run"))
    other = folder(tasks)
    subprocess.run([lanes, "run", "-j", str(JOBS), "--detach"], cwd=other, stdout=subprocess.DEVNULL, check=True)
    time.sleep(0.5)
    tellKeys("attached", view.answers([lanes, "attach"], other, "attached"))
    subprocess.run([lanes, "cancel", "--all"], cwd=other, stdout=subprocess.DEVNULL)
    subprocess.run([lanes, "wait"], cwd=other, stdout=subprocess.DEVNULL)
    tellKeys("replay", view.answers([lanes, "replay", "--speed", "1"], live, "replay"))


def tellKeys(name, milliseconds):
    within = statistics.quantiles(milliseconds, n=20)[18]
    print(f"scale: keys, {name}: 95 % within {hold('keys ' + name, within, BOUNDS['ms a key'])} ms", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lanes")
    parser.add_argument("--tasks", type=int, default=50000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["time", "keys"])
    call = parser.parse_args()
    lanes = os.path.realpath(call.lanes)
    if call.only != "keys":
        parent = tempfile.mkdtemp(prefix="lanes-scale-")
        times(lanes, parent, call.tasks, call.rounds)
        shutil.rmtree(parent)
    if call.only != "time":
        keys(lanes, call.tasks)
    sys.exit(f"scale: missed: {', '.join(missed)}" if missed else 0)


main()
