"""A small TCP proxy in front of Valkey, whose connections can all be reset at once."""

import asyncio
import socket
import struct
from contextlib import suppress
from threading import Event, Thread

from bench.faults.machines import free_port
from launcher.ports import HOST

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Proxy(Thread):
    """Passes bytes on between whoever connects and `target`."""

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.target, self.port = target, free_port()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop, self._ready = None, Event()

    def start(self) -> None:
        """It listens when this returns."""
        super().start()
        self._ready.wait(10)

    def run(self) -> None:
        """Until it is told to stop."""
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, HOST, self.port))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._reset()
        waiting = asyncio.all_tasks(self._loop)
        for task in waiting:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        self._loop.close()

    def cut(self) -> int:
        """Reset every connection, on both sides; gives how many were open."""
        return asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    async def _cut(self) -> int:
        return self._reset()

    def stop(self) -> None:
        """Nobody is served any more."""
        if self.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self.join(10)

    def _reset(self) -> int:
        """A socket that lingers for no time is closed with a reset."""
        lines, self._open = self._open, set()
        for line in lines:
            with suppress(OSError):
                line.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            line.transport.abort()
        return len(lines)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner = await asyncio.open_connection(HOST, self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, inner}
        await asyncio.gather(_pass_on(reader, inner), _pass_on(inner_reader, writer))
        self._open -= {writer, inner}


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
