#!/usr/bin/env python3
"""Holds the learned prediction of conflicts against real histories with merged branches.

Usage: histories.py LANES FOLDER. Some of Debian's source packages were uploaded with their clones: these are
fetched into FOLDER (600 MB, once), and `lanes conflicts evaluate` runs on each. Then all of them become the
history of one repository, and `lanes conflicts train` is timed there. Needs git, tar and xz.
"""
import json
import os
import subprocess
import sys
import urllib.request

POOL = "http://deb.debian.org/debian/pool/main/"
AUTOFDO = "a/autofdo/autofdo_0.19.orig.tar.gz"
PROTOBUF = "autofdo-0.19/.git/modules/third_party%2fprotobuf"
FIXTURES = "g/golang-github-go-git-go-git-fixtures/golang-github-go-git-go-git-fixtures_4.2.2.orig.tar.gz"
MASTER = "refs/remotes/origin/master"
# The source package, what in it is a clone, a pack or a bundle, and the newest commit.
CLONES = {
    "protobuf": (AUTOFDO, PROTOBUF, MASTER),
    "googletest": (AUTOFDO, PROTOBUF + "/modules/third_party%2fgoogletest", MASTER),
    "spinnaker": (FIXTURES, "*/data/pack-f2e0a8889a746f7600e07d2246a2e29a72f696be.pack",
                  "06ce06d0fc49646c4de733c45b7788aabad98a6f"),
    "benchmark": (AUTOFDO, PROTOBUF + "/modules/third_party%2fbenchmark", MASTER),
    "piuparts": ("p/piuparts/piuparts_1.6.0.tar.xz", "piuparts-1.6.0/.git", "refs/remotes/origin/develop"),
    "xl2tpd": ("x/xl2tpd/xl2tpd_1.3.18.orig.tar.xz", "xl2tpd-1.3.18/.git", MASTER),
    "trousers": ("t/trousers/trousers_0.3.15.orig.tar.gz", "trousers-0.3.15/.git", MASTER),
    "gnulib": ("g/gnulib/gnulib_20250303.orig.tar.gz", "gnulib-20250303/gnulib.bundle", "HEAD"),
}
FEWEST_BRANCHES = 60


def git(folder, *words, **more):
    words = ["git", "-C", folder, "-c", "gc.auto=0", "-c", "maintenance.auto=false", *words]
    return subprocess.run(words, check=True, capture_output=True, **more).stdout.decode().strip()


def fetch(folder, package):
    path = f"{folder}/{os.path.basename(package)}"
    if not os.path.exists(path):
        urllib.request.urlretrieve(POOL + package, path + ".part")
        os.rename(path + ".part", path)
    return path


def clone(folder, name):
    """A repository whose `main` is the history of that name, without a checkout."""
    package, inside, newest = CLONES[name]
    made = f"{folder}/{name}"
    if os.path.exists(made + "/.git/refs/heads/main"):
        return made
    unpacked = f"{folder}/unpacked/{name}"
    os.makedirs(unpacked, exist_ok=True)
    subprocess.run(["tar", "-xf", fetch(folder, package), "-C", unpacked, "--no-same-owner", "--wildcards",
                    inside], check=True)
    found = inside
    if "*" in inside:
        top, = os.listdir(unpacked)
        found = inside.replace("*", top)
    subprocess.run(["git", "init", "-q", "-b", "main", made], check=True)
    if found.endswith(".pack"):
        with open(f"{unpacked}/{found}", "rb") as pack:
            git(made, "index-pack", "--stdin", stdin=pack)
    else:
        if os.path.isdir(f"{unpacked}/{found}"):
            # The configuration names the folder of whoever cloned it.
            with open(f"{unpacked}/{found}/config", "w") as config:
                config.write("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        git(made, "fetch", "-q", f"{unpacked}/{found}", newest)
        newest = "FETCH_HEAD"
    git(made, "update-ref", "refs/heads/main", newest)
    return made


def count(folder, *words):
    return int(git(folder, "rev-list", "--count", *words, "main"))


def lanes(program, folder, *words):
    words = [program, "-C", folder, "conflicts", *words, "--format", "json"]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)


def row(name, outcome, *more):
    methods = outcome["methods"]
    share = outcome["meetings"] / max(1, outcome["pairs"])
    precisions = [f"{methods[m]['average_precision']:.3f}" for m in ("learned", "text", "words", "folders")]
    error = f"{methods['learned']['calibration_error']:.3f}"
    cells = [name, *more, f"{outcome['pairs']:,}", f"{share:.1%}", *precisions, error]
    print("| " + " | ".join(cells) + " |", flush=True)


def copy(folder, name, tip):
    """The same commits once more, by another committer, as a branch of that name."""
    log = git(folder, "log", "--reverse", "--topo-order", "--format=%H %P%x00%T%x00%ct%x00%B%x00", tip)
    fields, marks, stream = log.split("\0"), {}, []
    for number in range(len(fields) // 4):
        hashes, tree, moment, message = fields[number * 4:number * 4 + 4]
        first, *parents = hashes.split()
        marks[first] = number + 1
        data = message.encode()
        stream.append(f"commit refs/heads/{name}\nmark :{number + 1}\n"
                      f"committer Copy <bench@example.invalid> {moment} +0000\ndata {len(data)}\n".encode())
        links = "".join(f"{'merge' if place else 'from'} :{marks[parent]}\n"
                        for place, parent in enumerate(parents))
        stream.append(data + f"\n{links}M 040000 {tree} \n\n".encode())
    git(folder, "fast-import", "--quiet", "--force", input=b"".join(stream))
    return git(folder, "rev-parse", name)


def joined(folder, clones):
    """A repository with all histories, some of them twice, so that there are 50,000 commits."""
    whole = f"{folder}/whole"
    if os.path.exists(whole + "/.git/refs/heads/main"):
        return whole
    subprocess.run(["git", "init", "-q", "-b", "main", whole], check=True)
    with open(whole + "/.git/objects/info/alternates", "w") as file:
        file.writelines(f"{made}/.git/objects\n" for made in clones.values())
    tips = {name: git(made, "rev-parse", "main") for name, made in clones.items()}
    heads = [*tips.values(), *(copy(whole, name, tips[name]) for name in ("piuparts", "benchmark"))]
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.invalid"]
    parents = [word for head in heads for word in ("-p", head)]
    newest = git(whole, *who, "commit-tree", git(whole, "mktree", input=b""), *parents, "-m", "All")
    git(whole, "update-ref", "refs/heads/main", newest)
    return whole


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    clones = {name: clone(folder, name) for name in CLONES}
    print("history, commits, branches predicted, pairs, pairs that met; average precision of learned, files"
          " named, like words, folders named; calibration error")
    together = {}
    for name, made in clones.items():
        branches = count(made, "--merges", "--first-parent")
        if branches < FEWEST_BRANCHES:
            print(f"  {name}: {branches} merged branches, too few", flush=True)
            continue
        found = lanes(program, made, "evaluate")
        row(name, found, f"{count(made):,}", str(found["tasks"]))
        together[name] = found["open_together"]
    print("of these, pairs of branches that were open at the same time:")
    for name, outcome in together.items():
        row(name, outcome)
    whole = joined(folder, clones)
    trained = sorted((lanes(program, whole, "train") for _ in range(3)), key=lambda found: found["seconds"])[1]
    print(f"all of them, {trained['commits']:,} commits of {trained['files']:,} files: learnt in"
          f" {trained['seconds']:.1f} s (median of 3)")


main()
