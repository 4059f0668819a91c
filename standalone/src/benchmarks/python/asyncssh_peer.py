"""asyncssh as a peer: the requests and answers are those of ResidentPeer.java."""

import asyncio
import sys
import time

import asyncssh

import resident


class Library:
    def __init__(self, target):
        self.target = target
        self.connections = {}

    def open(self, host):
        return asyncssh.connect(
            host, self.target.port, username=self.target.user, config=None, agent_path=None,
            client_keys=[self.target.identity], known_hosts=self.target.known_hosts)

    async def connection(self, host):
        if host not in self.connections:
            self.connections[host] = asyncio.ensure_future(self._opened(host))
        return await self.connections[host]

    async def _opened(self, host):
        return await self.open(host)

    async def exec(self, host, command):
        await self.run(await self.connection(host), command)

    async def connect(self, host, command):
        async with self.open(host) as connection:
            await self.run(connection, command)

    async def output(self, host, file, command):
        connection = await self.connection(host)
        with open(file, "wb") as log:
            async with connection.create_process(command, encoding=None) as process:
                while True:
                    block = await process.stdout.read(1 << 16)
                    if not block:
                        break
                    log.write(block)
                await process.wait(check=True)

    async def burst(self, hosts, commands, concurrency, command):
        left = iter(range(commands))
        failed = []

        async def caller():
            for n in left:
                try:
                    await self.exec(hosts[n % len(hosts)], command)
                except (OSError, asyncssh.Error) as e:
                    failed.append(e)

        start = time.perf_counter_ns()
        await asyncio.gather(*(caller() for _ in range(concurrency)))
        return f"{time.perf_counter_ns() - start} {len(failed)}"

    @staticmethod
    async def run(connection, command):
        await connection.run(command, check=True)


async def answer(library, target, words):
    try:
        if words[0] == "burst":
            return await library.burst(words[1].split(","), int(words[2]), int(words[3]), words[4])
        start = time.perf_counter_ns()
        if words[0] == "exec":
            await library.exec(target.host, words[1])
        elif words[0] == "connect":
            await library.connect(target.host, words[1])
        elif words[0] == "output":
            await library.output(target.host, words[1], words[2])
        else:
            return f"! no such request: {words[0]}"
        return str(time.perf_counter_ns() - start)
    except Exception as e:  # whatever it is, the benchmark is to say it
        return f"! {type(e).__name__}: {e}".replace("\n", " ")


async def serve(library, target):
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        print(await answer(library, target, line.rstrip("\n").split("\t")), flush=True)


if __name__ == "__main__":
    target = resident.Target(sys.argv[1:])
    asyncio.run(serve(Library(target), target))
