#!/usr/bin/env python3
"""Opens the page of a report in a headless browser, in light and in dark.

Usage: html_check.py LANES [FOLDER]. Runs the seven-task example with sleeps, and leaves the page and two
pictures in FOLDER, or else in a temporary one. Needs chromium. Ends with status 1 when the page asks for
anything else, or when the two pictures are the same.
"""
import json
import os
import subprocess
import sys
import tempfile

LANES = os.path.abspath(sys.argv[1])
FOLDER = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else tempfile.mkdtemp()
NEEDS = {"1": "", "2": "1", "3": "", "4": "", "5": "34", "6": "", "7": "256"}
DARK = ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"]


def picture(name, *flags):
    path = f"{FOLDER}/{name}.png"
    words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    result = subprocess.run(
        [*words, "--enable-logging=stderr", "--window-size=1300,1750", *flags,
         f"--screenshot={path}", f"file://{FOLDER}/report.html"],
        check=True, capture_output=True, text=True, timeout=120)
    assert "CONSOLE" not in result.stderr, result.stderr
    with open(path, "rb") as file:
        return file.read()


def main():
    os.makedirs(f"{FOLDER}/tasks", exist_ok=True)
    tasks = [
        {"id": id, "title": f"<b>Task</b> & {id}", "status": "pending", "dependencies": list(needs),
         "metadata": {"lanes": {"command": f"sleep 0.{id}"}}} for id, needs in NEEDS.items()]
    with open(f"{FOLDER}/tasks/tasks.json", "w") as file:
        json.dump({"tasks": tasks}, file)
    words = ["run", "-j", "3", "--no-write-status", "--output", "quiet"]
    subprocess.run([LANES, *words], cwd=FOLDER, check=True)
    page = subprocess.run(
        [LANES, "report", "--format", "html"], cwd=FOLDER, check=True, capture_output=True).stdout
    with open(f"{FOLDER}/report.html", "wb") as file:
        file.write(page)
    assert b"<script" not in page and b"http://" not in page and b"https://" not in page
    light, dark = picture("light"), picture("dark", *DARK)
    assert light != dark and min(len(light), len(dark)) > 20_000
    print(f"the page and its pictures are in {FOLDER}")


main()
