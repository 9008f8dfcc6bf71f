#!/usr/bin/env python3
"""Makes a git repository of the commits that a project's published ChangeLog lists.

Usage: changelog_repository.py FOLDER CHANGELOG... (the newest first). An entry becomes a commit: its title and
prose, without the list of files, are the message; the files of the list get a line of text. It is for trying
`lanes conflicts evaluate` on long histories where only source packages are at hand.
"""
import calendar
import re
import subprocess
import sys

HEAD = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?: [\d:]+ [+-]\d+)?  +(.*?)\s+<(.*?)>")
PATH = re.compile(r"^[\w.+-]+(?:/[\w.+@-]+)*$")
ENDING = re.compile(r"\.[A-Za-z]\w{0,8}$")
BARE = {"Makefile", "README", "NEWS", "TODO", "THANKS", "INSTALL", "HACKING", "AUTHORS", "Jamfile"}


def entries(path):
    """The moment, author, address and lines of each entry."""
    entry = None
    for line in open(path, errors="replace"):
        line = line.rstrip("\n")
        head = HEAD.match(line)
        if head:
            if entry:
                yield entry
            year, month, day, who, mail = head.groups()
            moment = calendar.timegm((int(year), int(month), int(day), 12, 0, 0))
            entry = (max(1, moment), who, mail, [])
        elif entry and (not line or line[0] == "\t"):
            entry[3].append(line[1:] if line else "")
    if entry:
        yield entry


def names(text):
    """The files in the head of an item: `a/b.c (function), c.h`."""
    text = re.sub(r"\([^)]*\)?|<[^>]*>|\[[^\]]*\]", " ", text)
    for name in re.split(r"[,\s]+", text):
        parts = name.split("/")
        is_file = parts[-1] in BARE or len(parts) > 1 or ENDING.search(name)
        if PATH.match(name) and is_file and not {"..", ".", ".git"} & set(parts):
            yield name.strip("/")


def split(lines):
    """The message and the files of an entry."""
    message, files, rest, at = [], [], [], 0
    while at < len(lines):
        line = lines[at].strip() if lines[at].startswith("  ") else lines[at]
        at += 1
        if not line.startswith("* "):
            (rest if files else message).append(line)
            continue
        head = line[2:]
        while ":" not in head and at < len(lines) and lines[at].strip()[:2] not in ("", "* "):
            head += " " + lines[at].strip()
            at += 1
        listed, _, words = head.partition(":")
        rest.append(words.strip())
        files += names(listed)
    if not any(message):
        message = rest[:4]
    return "\n".join(message).strip(), list(dict.fromkeys(files))


def main():
    folder, logs = sys.argv[1], sys.argv[2:]
    found = [entry for log in logs for entry in entries(log)]
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    stream, tree, folders = [], set(), set()
    for number, (moment, who, mail, lines) in enumerate(reversed(found)):
        message, files = split(lines)
        kept = []
        for name in files:
            above = [name[:place] for place, letter in enumerate(name) if letter == "/"]
            # What is a file at one time and a folder at another cannot be told from a list of names.
            if name not in folders and not tree.intersection(above):
                tree.add(name)
                folders.update(above)
                kept.append(name)
        if not kept or not message:
            continue
        who, mail = (re.sub(r"[<>\n]", "", text) for text in (who, mail))
        head = f"commit refs/heads/main\ncommitter {who} <{mail}> {moment} +0000\n".encode()
        stream.append(head + b"data %d\n%s\n" % (len(message.encode()), message.encode()))
        text = b"%d\n" % number
        stream += [b"M 644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text) for name in kept]
    words = ["git", "-C", folder, "fast-import", "--quiet"]
    subprocess.run(words, input=b"".join(stream), check=True)


main()
