#!/usr/bin/env python3
"""Time programs beside a yardstick, in turn: yardstick, A, yardstick, B, yardstick, A and so on.

  measure.py run GRAPH RUNNER... [-j 2] [--lanes BINARY] [--rounds 7]
  measure.py plan GRAPH RUNNER... [--lanes BINARY] [--rounds 7]
  measure.py alone GRAPH 'COMMAND'... [--rounds 7]
  measure.py descriptors GRAPH --lanes BINARY [-j 2]

GRAPH is a folder that gen.py wrote, RUNNER a name of RUNNERS below. Each time is divided by the mean
of the yardstick before and after it; the figures are medians. What a runner leaves behind is removed
before each round, and that takes no part in the time. Processor time is that of the runner and all
its tasks; the peak is that of the largest process.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time

from processes import family

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = HERE + "/out/limit"
METER = HERE + "/out/meter"
YARDSTICK = LIMIT + " -g graph.tsv -p {jobs} -s sh"
LEVELS = "for list in levels/*.txt; do %s <$list; done"

RUNNERS = {
    "limit": YARDSTICK,
    "limit-keeps": "mkdir -p .lanes/kept; exec " + LIMIT + " -g graph.tsv -p {jobs} -k $PWD/.lanes/kept",
    "limit-direct": LIMIT + " -g graph.tsv -p {jobs}",
    "lanes": "exec {lanes} run tasks.json -j {jobs} --output quiet --isolate none",
    "lanes-dataflow": "exec {lanes} run tasks.json -j {jobs} --output quiet --isolate none --schedule dataflow",
    "ninja": "exec ninja -j {jobs}",
    "make": "exec make -j {jobs}",
    "xargs": LEVELS % "xargs -P {jobs} -I@ sh -c @",
    "parallel": LEVELS % "parallel --will-cite -j {jobs}",
}
PLANNERS = {
    "lanes": "exec {lanes} plan tasks.json",
    "make": "exec make -n",
    "ninja": "exec ninja -n",
    "bmake": "exec bmake -n -r",
}


class Figures:
    """What one command took, once."""

    def __init__(self, folder, command):
        out = os.path.join(HERE, "out", "meter.%d" % os.getpid())
        script = "cd '%s' && %s" % (folder, command)
        with open(os.devnull, "r+b") as null:
            subprocess.run([METER, out, "sh", "-c", script], check=True,
                           stdin=null, stdout=null, stderr=null)
        with open(out) as file:
            wall, user, system, peak, status = file.read().split()
        os.remove(out)
        self.wall, self.cpu = float(wall), float(user) + float(system)
        self.peak, self.status = int(peak) / 1024, int(status)


def clean(folder, tasks):
    """Puts a folder back to what gen.py wrote.

    What a run left is moved away and not removed: for half a minute after many files were deleted,
    ext4 is several times slower to make new ones. `run.sh` removes it all at its end.
    """
    attic = os.path.join(os.path.dirname(folder), "attic")
    os.makedirs(attic, exist_ok=True)
    if os.path.exists(folder + "/.lanes"):
        os.rename(folder + "/.lanes", tempfile.mkdtemp(dir=attic) + "/lanes")
    for name in (".ninja_log", ".ninja_deps"):
        if os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    with open(folder + "/tasks.json", "wb") as file:
        file.write(tasks)


def rounds(folder, yardstick, commands, count):
    """The figures of each command and, beside each, those of the yardstick around it."""
    with open(folder + "/tasks.json", "rb") as file:
        tasks = file.read()
    results = {name: [] for name in commands}
    before = Figures(folder, yardstick)
    for _ in range(count):
        for name, command in commands.items():
            clean(folder, tasks)
            figures = Figures(folder, command)
            after = Figures(folder, yardstick)
            results[name].append((figures, before, after))
            before = after
    clean(folder, tasks)
    return results


def ratio(triple, figure):
    each, before, after = (getattr(item, figure) for item in triple)
    return each / max(1e-6, (before + after) / 2)


def median(values):
    return statistics.median(list(values))


def report(results, count):
    print("| runner | wall s | µs a task | x wall | least, most | x cpu | cpu s | peak MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, triples in results.items():
        walls = [ratio(each, "wall") for each in triples]
        wall = median(each[0].wall for each in triples)
        print("| %s | %.3f | %.0f | %.2f | %.2f, %.2f | %.2f | %.2f | %.1f |%s" % (
            name, wall, wall / count * 1e6, median(walls), min(walls), max(walls),
            median(ratio(each, "cpu") for each in triples), median(each[0].cpu for each in triples),
            max(each[0].peak for each in triples),
            "" if all(each[0].status == 0 for each in triples) else " FAILED"), flush=True)
    triples = [each for group in results.values() for each in group]
    print("| yardstick | %.3f | %.0f | 1 | | 1 | %.2f | %.1f |" % (
        median(each[1].wall for each in triples),
        median(each[1].wall for each in triples) / count * 1e6,
        median(each[1].cpu for each in triples), max(each[1].peak for each in triples)))


def alone(folder, commands, count):
    """Commands beside each other, without a yardstick."""
    taken = {command: [] for command in commands}
    for _ in range(count):
        for command in commands:
            taken[command].append(Figures(folder, command))
    print("| command | ms | least, most | cpu ms | peak MiB |\n| --- | --- | --- | --- | --- |")
    for command, all_figures in taken.items():
        walls = [each.wall * 1000 for each in all_figures]
        print("| %s | %.1f | %.1f, %.1f | %.1f | %.1f |%s" % (
            command.replace("exec ", ""), median(walls), min(walls), max(walls),
            median(each.cpu * 1000 for each in all_figures), max(e.peak for e in all_figures),
            "" if all(each.status == 0 for each in all_figures) else " FAILED"), flush=True)


def descriptors(folder, command):
    """How many descriptors a run holds in its first tenth of a second and at most after that."""
    with open(folder + "/tasks.json", "rb") as file:
        tasks = file.read()
    clean(folder, tasks)
    process = subprocess.Popen(["sh", "-c", command], cwd=folder, stdin=subprocess.DEVNULL)
    counts = []
    while process.poll() is None:
        try:
            counts.append(len(os.listdir("/proc/%d/fd" % family(process.pid)[-1])))
        except OSError:
            break
        time.sleep(0.02)
    process.wait()
    clean(folder, tasks)
    print("descriptors: at most %d in the first tenth of the run, %d in the last; exit %d" % (
        max(counts[: max(1, len(counts) // 10)]), max(counts[-max(1, len(counts) // 10):]),
        process.returncode))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["run", "plan", "alone", "descriptors"])
    parser.add_argument("graph")
    parser.add_argument("runners", nargs="*")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--lanes", default="lanes")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--yardstick", default=None)
    return parser.parse_args()


def main():
    call = arguments()
    folder = os.path.abspath(call.graph)

    def line(text):
        return text.replace("{jobs}", str(call.jobs)).replace("{lanes}", call.lanes)

    if call.what == "descriptors":
        return descriptors(folder, line(RUNNERS["lanes"]))
    print("\n%s %s%s, load %s" % (
        call.what, os.path.basename(folder), ", %d at once" % call.jobs if call.what == "run" else "",
        open("/proc/loadavg").read().split()[0]))
    if call.what == "alone":
        return alone(folder, [line(each) for each in call.runners], call.rounds)
    table = RUNNERS if call.what == "run" else PLANNERS
    yardstick = call.yardstick or (YARDSTICK if call.what == "run" else PLANNERS["make"])
    commands = {name: line(table[name]) for name in call.runners}
    with open(folder + "/build.ninja") as file:
        count = sum(each.startswith("build ") for each in file)
    report(rounds(folder, line(yardstick), commands, call.rounds), count)


if __name__ == "__main__":
    main()
