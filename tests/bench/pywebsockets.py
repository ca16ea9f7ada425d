"""pywebsockets.py HOW URL: wsx's work done with Python's websockets library.

out: lines of standard input become text messages. out-binary: chunks of 64 KiB become binary ones.
in: messages go to standard output, text with a newline. both: each line is sent, its reply printed.
A HOW that begins with "async-" does it with asyncio instead of the threads of websockets.sync.
"""

import asyncio
import functools
import sys

import websockets.asyncio.client
import websockets.sync.client

CHUNK = 65536


def messages(how):
    if how == "out-binary":
        return iter(functools.partial(sys.stdin.buffer.read, CHUNK), b"")
    return (line.rstrip("\n") for line in sys.stdin)


def write(message):
    if isinstance(message, str):
        message = message.encode() + b"\n"
    sys.stdout.buffer.write(message)


def run(how, url):
    with websockets.sync.client.connect(url, max_size=None, ping_interval=None) as ws:
        if how == "in":
            for message in ws:
                write(message)
        elif how == "both":
            for message in messages(how):
                ws.send(message)
                write(ws.recv())
                sys.stdout.flush()
        else:
            for message in messages(how):
                ws.send(message)


async def run_async(how, url):
    connect = websockets.asyncio.client.connect
    async with connect(url, max_size=None, ping_interval=None, write_limit=CHUNK) as ws:
        if how == "in":
            async for message in ws:
                write(message)
        else:
            for message in messages(how):
                await ws.send(message)


def main():
    how, url = sys.argv[1:]
    if how.startswith("async-"):
        asyncio.run(run_async(how.removeprefix("async-"), url))
    else:
        run(how, url)


main()
