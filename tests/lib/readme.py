#!/usr/bin/env python3
"""readme.py WSX README: runs the console examples of README as printed and compares their output.

The first block starts a listener on port 9001; a free port takes its place here. Prints TAP.
"""

import os
import re
import subprocess
import sys
import tempfile


def examples(text):
    """(command, expected output) of each `$ ` line of the console blocks."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            yield command, output


def main():
    wsx, readme = sys.argv[1:]
    found = list(examples(open(readme).read()))
    env = dict(os.environ, PATH=os.path.dirname(os.path.abspath(wsx)) + ":" + os.environ["PATH"])
    (listen, greeting), rest = found[0], found[1:]
    assert listen.endswith("&") and "9001" in listen, "the first example is the listener"

    argv = listen.rstrip("& ").replace("9001", "0").split()
    server = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, env=env)
    said = server.stderr.readline()
    port = re.search(r":(\d+)/", said)[1]
    print(f"1..{len(found)}")
    ok = greeting.replace("9001", port) == said
    print(f"{'ok' if ok else 'not ok'} 1 - {listen}")
    bad = not ok
    with tempfile.TemporaryDirectory() as folder:
        for number, (command, expected) in enumerate(rest, 2):
            got = subprocess.run(["bash", "-c", command.replace("9001", port)], cwd=folder, env=env,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 timeout=60)
            ok = got.stdout == expected.replace("9001", port)
            bad = bad or not ok
            print(f"{'ok' if ok else 'not ok'} {number} - {command}")
            if not ok:
                print(f"# expected {expected!r}\n# got {got.stdout!r}\n# stderr {got.stderr!r}")
    server.terminate()
    server.wait()
    sys.exit(bad)


main()
