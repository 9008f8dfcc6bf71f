#!/usr/bin/env python3
"""Renders captured tmux panes (`capture-pane -e -p`) to SVG.

    tmux capture-pane -e -p | pane_to_svg.py > screen.svg
    pane_to_svg.py --columns 120 --rows 40 1.0:first.txt 2.5:second.txt > demo.svg

With several files, each with the second from which it is shown, the picture is an animation that repeats.
"""
import argparse
import html
import re
import sys
import unicodedata

CELL_WIDTH, CELL_HEIGHT, MARGIN = 8.4, 18, 12
STANDARD = ["#1d1f21", "#cc6666", "#8abf6a", "#e6c07b", "#6f9fd8", "#b294bb", "#6fc3c0", "#c5c8c6",
            "#767c85", "#ff8585", "#b5e08d", "#ffe08a", "#93c0ff", "#d9b3e6", "#9be6e2", "#ffffff"]
FOREGROUND, BACKGROUND = "#d6d8d6", "#14161a"


def palette(index):
    """The colour of a number of xterm's palette of 256."""
    if index < 16:
        return STANDARD[index]
    if index >= 232:
        return "#" + f"{8 + (index - 232) * 10:02x}" * 3
    steps, place = [0, 95, 135, 175, 215, 255], index - 16
    return "#%02x%02x%02x" % (steps[place // 36], steps[place // 6 % 6], steps[place % 6])


class Look:
    """The attributes in force, as select-graphic-rendition sequences change them."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.foreground = self.background = None
        self.flags = set()

    def key(self):
        foreground, background = self.foreground or FOREGROUND, self.background or BACKGROUND
        if "reverse" in self.flags:
            foreground, background = background, foreground
        return foreground, background, frozenset(self.flags - {"reverse"})

    def take(self, text):
        codes = [int(code or 0) for code in re.split("[;:]", text)]
        names = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse"}
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in names:
                self.flags.add(names[code])
            elif code == 22:
                self.flags -= {"bold", "dim"}
            elif code in (23, 24, 27):
                self.flags.discard(names[code - 20])
            elif code in (38, 48):
                self.set(code == 38, self.extended(codes))
            elif code in (39, 49):
                self.set(code == 39, None)
            elif code % 10 < 8 and code // 10 in (3, 4, 9, 10):
                bright = 8 if code >= 90 else 0
                self.set(code // 10 in (3, 9), palette(code % 10 + bright))

    def set(self, is_foreground, color):
        if is_foreground:
            self.foreground = color
        else:
            self.background = color

    @staticmethod
    def extended(codes):
        if codes.pop(0) == 5:
            return palette(codes.pop(0))
        red, green, blue = codes[:3]
        del codes[:3]
        return f"#{red:02x}{green:02x}{blue:02x}"


def width(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def runs(line, look):
    """Pieces of a line with one look each: column, columns, text, look."""
    column, pieces = 0, []
    for part in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if part.startswith("\x1b["):
            look.take(part[2:-1])
            continue
        for character in part:
            columns, key = width(character), look.key()
            if pieces and pieces[-1][3] == key and pieces[-1][0] + pieces[-1][1] == column:
                pieces[-1][1] += columns
                pieces[-1][2] += character
            else:
                pieces.append([column, columns, character, key])
            column += columns
    return pieces


def screen(text, rows):
    look, shapes = Look(), []
    for row, line in enumerate(text.rstrip("\n").split("\n")[:rows]):
        for column, columns, piece, (foreground, background, flags) in runs(line, look):
            x, y = MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
            size = columns * CELL_WIDTH
            if background != BACKGROUND:
                shapes.append(f'<rect x="{x:.1f}" y="{y}" width="{size + .3:.1f}" '
                              f'height="{CELL_HEIGHT + .3}" fill="{background}"/>')
            if not piece.strip():
                continue
            style = ' font-weight="bold"' * ("bold" in flags)
            style += ' font-style="italic"' * ("italic" in flags)
            style += ' text-decoration="underline"' * ("underline" in flags)
            style += ' opacity="0.6"' * ("dim" in flags)
            shapes.append(f'<text x="{x:.1f}" y="{y + 13.5}" textLength="{size:.1f}" '
                          f'fill="{foreground}"{style}>{html.escape(piece)}</text>')
    return "".join(shapes)


def animation(frames, end):
    """Each frame is visible from its second to the next one's."""
    groups = []
    for index, (start, shapes) in enumerate(frames):
        stop = frames[index + 1][0] if index + 1 < len(frames) else end
        times = f"0;{start / end:.5f};{min(stop / end, 1):.5f}"
        groups.append(f'<g visibility="hidden"><animate attributeName="visibility" '
                      f'values="hidden;visible;hidden" keyTimes="{times}" dur="{end}s" '
                      f'calcMode="discrete" repeatCount="indefinite"/>{shapes}</g>')
    return "".join(groups)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("frames", nargs="*", metavar="SECOND:FILE")
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--rows", type=int, default=40)
    arguments = parser.parse_args()
    if arguments.frames:
        parts = [frame.split(":", 1) for frame in arguments.frames]
        frames = [(float(second), screen(open(path, encoding="utf-8").read(), arguments.rows))
                  for second, path in parts]
        content = animation(frames, frames[-1][0] + 3)
    else:
        content = screen(sys.stdin.buffer.read().decode("utf-8", "replace"), arguments.rows)
    size = (arguments.columns * CELL_WIDTH + 2 * MARGIN, arguments.rows * CELL_HEIGHT + 2 * MARGIN)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:.0f} {size[1]}" '
          f'font-family="ui-monospace,DejaVu Sans Mono,Menlo,monospace" font-size="14" '
          f'xml:space="preserve"><rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>'
          f"{content}</svg>")


main()
