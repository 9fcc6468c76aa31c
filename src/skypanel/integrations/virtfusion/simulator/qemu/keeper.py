"""Keeps one server's guest as it is wished: started, stopped, begun anew."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from skypanel.integrations.virtfusion.simulator.qemu.command import Acceleration
from skypanel.integrations.virtfusion.simulator.qemu.guest import Guest, Identity
from skypanel.integrations.virtfusion.simulator.qemu.kit import Kit
from skypanel.integrations.virtfusion.simulator.qemu.wish import OFF, Wish

COME_UP_SECONDS: Final = 90.0


class Keeper:
    """One server's guest, whether it runs or not."""

    def __init__(
        self,
        kit: Kit,
        folder: Path,
        identity: Callable[[], Identity],
        acceleration: Callable[[], Acceleration],
    ) -> None:
        self._kit = kit
        self._folder = folder
        self._identity = identity
        self._acceleration = acceleration
        self._changed = asyncio.Event()
        self.wish = OFF
        self.guest: Guest | None = None
        self.password: str | None = None
        """What root is to have as soon as somebody is there to be told."""
        self.left = False
        """The guest has gone by itself."""
        self.trouble = ""
        """Why there is no guest although there should be one."""
        self._keeping = asyncio.create_task(self._keep())

    @property
    def takes_room(self) -> bool:
        return self.guest is not None or self.wish.on

    def want(self, wish: Wish) -> None:
        if wish != self.wish:
            self.wish = wish
            self._changed.set()

    def give_password(self, password: str) -> None:
        self.password = password
        self._tell_password()

    def _tell_password(self) -> None:
        """Not while a guest runs that a fresh system is about to replace."""
        guest = self.guest
        if guest is None or not guest.ready.is_set() or self.password is None:
            return
        if self._fits(guest):
            guest.give_password(self.password)
            self.password = None

    def _fits(self, guest: Guest) -> bool:
        wish = self.wish
        return wish.on and wish.disk == guest.disk and wish.anew in (0, guest.anew)

    async def _keep(self) -> None:
        while not self.trouble:
            self._changed.clear()
            if not await self._step():
                await self._until_something_happens()

    async def _step(self) -> bool:
        """One step towards the wish; whether there was one to take."""
        guest, wish = self.guest, self.wish
        if guest is not None and guest.ended.done():
            self.guest, self.left = None, True
            return True
        if guest is not None and not self._fits(guest):
            await (guest.shut_down() if wish.gently else guest.kill())
            self.guest = None
            return True
        if guest is None and wish.on and not self.left:
            await self._start(wish)
            return True
        return False

    async def _start(self, wish: Wish) -> None:
        try:
            guest = await Guest.start(
                self._kit, self._folder, self._identity(), disk=wish.disk, anew=wish.anew,
                acceleration=self._acceleration(),
            )  # fmt: skip
        except OSError as error:
            self.trouble = f"QEMU could not be started ({error.strerror})"
            return
        self.guest = guest
        if await guest.come_up(COME_UP_SECONDS):
            self._tell_password()
            return
        ended = guest.ended.done()
        await guest.kill()
        self.guest = None
        log = self._folder / "machine.log"
        said = log.read_text(errors="replace").strip().splitlines()
        self.trouble = said[-1] if ended and said else "the guest did not come up"

    async def _until_something_happens(self) -> None:
        changed = asyncio.create_task(self._changed.wait())
        ends = {self.guest.ended} if self.guest is not None else set()
        try:
            await asyncio.wait({changed, *ends}, return_when="FIRST_COMPLETED")
        finally:
            changed.cancel()

    async def close(self, *, forget: bool = False) -> None:
        """Switch the guest off; `forget` removes its disk."""
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        if self.guest is not None:
            await self.guest.kill()
            self.guest = None
        if forget:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
