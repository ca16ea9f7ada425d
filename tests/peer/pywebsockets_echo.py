#!/usr/bin/python3
"""An echo server of the Python package websockets.

pywebsockets_echo.py [--no-deflate] [--cert FILE --key FILE]
Prints `port N` once it listens and `close CODE REASON` for every client that leaves.
"""

import argparse
import asyncio
import ssl

import websockets


async def echo(socket, _path=None):
    try:
        async for message in socket:
            await socket.send(message)
    except websockets.ConnectionClosed:
        pass
    await socket.wait_closed()
    print(f"close {socket.close_code} {socket.close_reason}", flush=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-deflate", action="store_true")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    args = parser.parse_args()
    context = None
    if args.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.cert, args.key)
    server = await websockets.serve(
        echo, "127.0.0.1", 0, ssl=context, subprotocols=["chat"], max_size=None,
        compression=None if args.no_deflate else "deflate",
    )
    port = next(iter(server.sockets)).getsockname()[1]
    print(f"port {port}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
