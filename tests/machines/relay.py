"""Passes connections on: `relay.py 6379=/run/x …` from a port to a socket, `/run/x=6379` back."""

import asyncio
import sys
from contextlib import suppress


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def passing(target: str):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if "/" in target:
                theirs = await asyncio.open_unix_connection(target)
            else:
                theirs = await asyncio.open_connection("127.0.0.1", int(target))
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, theirs[1]), pump(theirs[0], writer))

    return serve


async def main(pairs: list[str]) -> None:
    for pair in pairs:
        door, _, target = pair.partition("=")
        if "/" in door:
            await asyncio.start_unix_server(passing(target), door)
        else:
            await asyncio.start_server(passing(target), "127.0.0.1", int(door))
    await asyncio.Event().wait()


asyncio.run(main(sys.argv[1:]))
