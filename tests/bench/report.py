"""The tables, and what must hold."""

import datetime
import json
import os
import platform

UNITS = {
    "lines": ("million lines/s", 1e-6, 2),
    "bulk": ("MiB/s", 1, 0),
    "text": ("MiB/s", 1, 0),
    "message": ("MiB/s", 1, 0),
    "trips": ("µs, p50", 1, 1),
    "start": ("ms", 1, 2),
}
PEERS_WITH_FLAGS = ("websocat 1", "websocat 4", "websockets")
MARK = "<!-- results -->\n"  # --markdown writes after this line where the file has it
WEBSOCATS = ("websocat 1", "websocat 4")
LINES_CORE = {"lines-out": 74e6, "lines-in": 92e6}  # a core of the machine the goals were set on


def unit(measure):
    """What a measure counts: its name, the factor to it, digits."""
    name = measure.removeprefix("deflate-").split("-")[0]
    return UNITS.get(name, ("", 1, 2))


def less_is_better(measure):
    return measure.startswith(("trips", "start"))


class Report:
    def __init__(self, cells, people, args):
        self.cells = {(c["measure"], c["over"], c["who"]): c for c in cells}
        self.rows = list(dict.fromkeys((c["measure"], c["over"]) for c in cells))
        self.people = people
        self.args = args
        self.claims = self.all_claims()

    # what must hold

    def cell(self, measure, over, who):
        c = self.cells.get((measure, over, who))
        return c if c and "value" in c else None

    def value(self, measure, over, who, key="value"):
        c = self.cell(measure, over, who)
        return c[key] if c else None

    def claim(self, text, got, bound, digits=2, least=False, goal=False):
        """One line: got must be at most the bound, or at least it."""
        if got is None or bound is None:
            return []
        good = got >= bound if least else got <= bound
        word = "at least" if least else "at most"
        verdict = "ok" if good else "short" if goal else "MISSED"
        return [(verdict, f"{text}: {got:.{digits}f}, {word} {bound:.{digits}f}{' (goal)' if goal else ''}")]

    def share(self, measure, over, other="raw", turn=False):
        mine, theirs = self.value(measure, over, "wsx"), self.value(measure, over, other)
        if not mine or not theirs:
            return None
        return theirs / mine if turn else mine / theirs

    def best(self, measure, over, names):
        """The best value among these, or None."""
        values = [v for v in (self.value(measure, over, n) for n in names) if v]
        if not values:
            return None
        return min(values) if less_is_better(measure) else max(values)

    def claims_of_lines(self, over):
        claims = []
        for measure in ("lines-out", "lines-out-file", "lines-in"):
            mine, best = self.value(measure, over, "wsx"), self.best(measure, over, WEBSOCATS)
            times = mine / best if mine and best else None
            claims += self.claim(f"{measure} {over}, times the best websocat", times, 10, 1, least=True)
        for measure, core in LINES_CORE.items():
            mine = self.value(measure + "-long", over, "wsx")
            if over == "ws" and mine:
                claims += self.claim(f"{measure}-long ws, million lines/s", mine / 1e6, core / 2e6, 1, least=True, goal=True)
        return claims

    def claims_of_bulk(self, over):
        claims = []
        for measure in ("bulk-out", "bulk-out-file", "bulk-in", "text-out", "text-in"):
            bound = 0.9 if over == "wss" else 0.95 if measure.endswith("in") else 0.85
            goal = measure.startswith("text")
            claims += self.claim(f"{measure} {over}, share of a raw copy", self.share(measure, over), bound, least=True, goal=goal)
        return claims

    def claims_of_time(self, over):
        claims = self.claim(f"trips {over}, p50 times the raw copy's", self.share("trips", over), 1.15)
        peers = [p.name for p in self.people if p.name not in ("wsx", "raw")]
        for measure in ("start", "start-system"):
            claims += self.claim(f"{measure} {over}, times the raw client's", self.share(measure, over), 1.3)
            claims += self.claim(f"{measure} {over}, ms, and the fastest peer's",
                self.value(measure, over, "wsx"), self.best(measure, over, peers))
        return claims

    def claims_of_memory(self, over):
        claims = []
        most = 14 if over == "wss" else 6
        for measure, where in self.rows:
            copied = measure.startswith(("lines", "bulk", "text", "message"))
            kib = self.value(measure, where, "wsx", "kib")
            if copied and where == over and kib:
                claims += self.claim(f"{measure} {over}, peak MiB", kib / 1024, most, 1)
        one, idle = self.value("message-in", over, "wsx", "kib"), self.value("start", over, "wsx", "kib")
        if one and idle:
            claims += self.claim(f"message-in {over}, KiB above idle", one - idle, 1024, 0)
        return claims

    def claims_of_deflate(self, over):
        claims = []
        for measure, where in self.rows:
            c = self.cell(measure, where, "wsx")
            if c and where == over and measure.startswith("deflate"):
                claims.append(("ok" if c["deflated"] else "MISSED", f"{measure} {over}: compression was agreed on"))
        bomb, idle = self.cell("bomb", over, "wsx"), self.value("start", over, "wsx", "kib")
        if bomb:
            claims.append(("ok" if bomb["code"] == 1009 else "MISSED", f"bomb {over}: closed with {bomb['code']}, to be 1009"))
        if bomb and idle:
            above = bomb["kib"] - idle - 16 * 1024
            claims += self.claim(f"bomb {over}, KiB above idle and the limit of 16 MiB", above, 256, 0)
        return claims

    def all_claims(self):
        claims = []
        for over in ("ws", "wss"):
            for part in (self.claims_of_lines, self.claims_of_bulk, self.claims_of_time, self.claims_of_memory,
                self.claims_of_deflate):
                claims += part(over)
        return claims

    def failed(self):
        return [c for c in self.cells.values() if c["why"].startswith("FAILED")]

    def missed(self):
        return [c for c in self.claims if c[0] == "MISSED"]

    # tables

    def figure(self, c):
        if c is None:
            return ""
        if "value" not in c:
            return "FAILED" if c["why"].startswith("FAILED") else "–"
        name, factor, digits = unit(c["measure"])
        text = f"{c['value'] * factor:.{digits}f}"
        if c["measure"] == "trips":
            text += f" ({c['p99']:.0f})"
        return text + ("*" if c["share"] < 0.999 else "")

    def names(self):
        return [p.name for p in self.people]

    def table(self, rows, names, show):
        lines = ["| measure | over | " + " | ".join(names) + " |", "|---|---|" + "---:|" * len(names)]
        for measure, over in rows:
            cells = [show(self.cells.get((measure, over, n))) for n in names]
            lines.append(f"| {measure} | {over} | " + " | ".join(cells) + " |")
        return lines

    def speeds(self):
        lines = ["| measure | over | unit | " + " | ".join(self.names()) + " | wsx/raw |",
            "|---|---|---|" + "---:|" * (len(self.names()) + 1)]
        for measure, over in self.rows:
            if measure.startswith(("deflate", "bomb")):
                continue
            share = self.share(measure, over)
            cells = [self.figure(self.cells.get((measure, over, n))) for n in self.names()]
            lines.append(f"| {measure} | {over} | {unit(measure)[0]} | " + " | ".join(cells) +
                f" | {f'{share:.2f}' if share else ''} |")
        return lines

    def deflate(self):
        rows = [r for r in self.rows if r[0].startswith("deflate")]
        names = ["wsx", "wsx --no-compress", *[n for n in self.names() if n in ("wscat", "websockets")]]
        if not rows:
            return []
        lines = ["| measure | over | unit | " + " | ".join(names) + " | wsx: sent bytes, to 1 on the wire |",
            "|---|---|---|" + "---:|" * (len(names) + 1)]
        for measure, over in rows:
            mine = self.cell(measure, over, "wsx")
            ratio = f"{mine['ratio']:.1f}" if mine and mine["ratio"] else ""
            lines.append(f"| {measure} | {over} | {unit(measure)[0]} | " +
                " | ".join(self.deflated(measure, over, n) for n in names) + f" | {ratio} |")
        return lines

    def deflated(self, measure, over, name):
        c = self.cells.get((measure, over, name))
        text = self.figure(c)
        if c and "value" in c and not c["deflated"] and name != "wsx --no-compress":
            text += " (plain)"
        return text

    def memory(self):
        return self.table(self.rows, self.names(), lambda c: f"{c['kib'] / 1024:.1f}" if c and "kib" in c else "")

    def processor(self):
        rows = [r for r in self.rows if not r[0].startswith(("start", "bomb"))]
        return self.table(rows, self.names(), lambda c: f"{c['cpu'] / c['share']:.2f}" if c and "cpu" in c else "")

    def grouped(self, what):
        """The measures for each contender and what(cell) of it, where that is something."""
        groups = {}
        for c in self.cells.values():
            if what(c):
                groups.setdefault((c["who"], what(c)), []).append(f"{c['measure']} {c['over']}")
        return [f"- {who}, {said}: {', '.join(names)}" for (who, said), names in groups.items()]

    def flags(self):
        return self.grouped(lambda c: "value" in c and f"`{' '.join(c['command'])}`"
            if c["who"] in PEERS_WITH_FLAGS else "")

    def claims_lines(self):
        return [f"- {verdict}: {text}" for verdict, text in self.claims]

    def failures(self):
        return self.grouped(lambda c: " ".join(c["why"].split()))

    def where(self):
        versions = ", ".join(f"{p.name} {p.version}".strip() for p in self.people if p.version)
        return [f"{datetime.date.today()}; {processor()}, Linux {platform.release()}; {versions}.",
            f"{self.args.lines} lines, {self.args.bulk} MiB of bulk, one message of {self.args.message} MiB, "
            f"{self.args.trips} trips; medians of {self.args.rounds} rounds."]

    def text(self):
        parts = [("Speed", self.speeds()), ("Compression", self.deflate()), ("Peak memory, MiB", self.memory()),
            ("Processor time, seconds", self.processor()), ("What must hold", self.claims_lines()),
            ("Flags kept", self.flags()), ("Not measured", self.failures())]
        lines = self.where()
        for title, body in parts:
            if body:
                lines += ["", f"### {title}", "", *body]
        return "\n".join(lines) + "\n"

    def write(self):
        if self.args.json:
            with open(self.args.json, "w") as f:
                json.dump({"where": self.where(), "cells": list(self.cells.values()), "claims": self.claims}, f, indent=1)
        if self.args.markdown not in (None, "-"):
            before = text_before_mark(self.args.markdown)
            with open(self.args.markdown, "w") as f:
                f.write(before + self.text())
        else:
            print(self.text(), end="")


def text_before_mark(path):
    """What the file has up to the line that says where results begin; nothing without one."""
    if not os.path.exists(path):
        return ""
    with open(path) as f:
        head, mark, _ = f.read().partition(MARK)
    return head + mark + "\n" if mark else ""


def processor():
    model, count = platform.machine(), 0
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                model, count = line.split(":", 1)[1].strip(), count + 1
    return f"{count} x {model}" if count else model
