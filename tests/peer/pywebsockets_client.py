#!/usr/bin/python3
"""A client of the Python package websockets.

pywebsockets_client.py URL [--ca FILE] [--no-deflate]
Sends messages of every size class to an echo, one of them in fragments, and expects each back.
Prints `ok N`, or what differed with code 1.
"""

import argparse
import asyncio
import ssl
import sys

import websockets

MESSAGES = ["hello", "", "é€😀", "x" * 125, "x" * 126, "x" * 65536] + [
    bytes(i * 7 % 256 for i in range(n)) for n in (0, 1, 65535, 65536, 1 << 20)
]
PARTS = ["in ", "three ", "parts"]


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--ca")
    parser.add_argument("--no-deflate", action="store_true")
    args = parser.parse_args()
    context = ssl.create_default_context(cafile=args.ca) if args.ca else None
    socket = await websockets.connect(
        args.url, ssl=context, max_size=None,
        compression=None if args.no_deflate else "deflate",
    )
    expected = MESSAGES + ["".join(PARTS)]
    for number, message in enumerate(MESSAGES + [PARTS], 1):
        await socket.send(message)  # a list goes out in fragments
        back = await asyncio.wait_for(socket.recv(), 20)
        if back != expected[number - 1]:
            sys.exit(f"message {number} differs")
    await socket.ping()
    await socket.close(1000, "done")
    if socket.close_code != 1000:
        sys.exit(f"closed with {socket.close_code}")
    print(f"ok {len(expected)}")


asyncio.run(main())
