"""A guest that can be watched and typed at: it boots, lets people in and does a few commands.

What it is asked about power really happens to the server it stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from skypanel.integrations.virtfusion.simulator import shell
from skypanel.integrations.virtfusion.simulator.state import PanelState, Server
from skypanel.integrations.virtfusion.simulator.terminal import GREEN, GREY, WHITE, Terminal

LINE_SECONDS = 0.06
LONGEST_LINE = 200
KERNEL = "6.1.0-26-cloud-amd64"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a guest knows of itself."""

    hostname: str
    system: str
    memory_mb: int
    cores: int
    disk_gb: int
    ipv4: str
    ipv6: str | None
    up_since: datetime


def facts_of(state: PanelState, server: Server) -> Facts:
    """The guest that stands for a server of the panel."""
    templates = [one for group in state.tables.template_groups for one in group.templates]
    system = next((one for one in templates if one.id == server.template_id), None)
    return Facts(
        hostname=server.hostname or server.name or f"server-{server.id}",
        system=f"{system.name} {system.version}" if system else "Linux",
        memory_mb=server.memory_mb,
        cores=server.cpu_cores,
        disk_gb=server.storage_gb,
        ipv4=server.ipv4[0] if server.ipv4 else "127.0.0.1",
        ipv6=server.ipv6,
        up_since=server.last_task_at or server.created_at,
    )


def boot_lines(facts: Facts) -> list[str]:
    """What a kernel and its services say while they start."""
    ok = "[  OK  ] "
    kilobytes = facts.memory_mb * 1024
    return [
        f"[    0.000000] Linux version {KERNEL} (SMP PREEMPT_DYNAMIC)",
        "[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro quiet",
        "[    0.004512] Hypervisor detected: KVM",
        f"[    0.071230] Memory: {kilobytes - 61_440}K/{kilobytes}K available",
        f"[    0.118904] smp: Brought up 1 node, {facts.cores} CPU" + "s" * (facts.cores > 1),
        f"[    0.402177] virtio_blk virtio1: [vda] {facts.disk_gb} GiB",
        "[    0.611350] EXT4-fs (vda1): mounted filesystem with ordered data mode",
        f"{ok}Mounted /boot.",
        f"{ok}Started systemd-udevd.service - Rule-based Manager for Device Events.",
        f"{ok}Reached target network.target - Network.",
        f"{ok}Started ssh.service - OpenBSD Secure Shell server.",
        f"{ok}Started cron.service - Regular background program processing daemon.",
        f"{ok}Reached target multi-user.target - Multi-User System.",
        "",
    ]


class Machine:
    """One server's guest with its screen, shared by everybody who watches."""

    def __init__(self, state: PanelState, server_id: int, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._server_id = server_id
        self._clock = clock
        self.terminal = Terminal()
        self._boots = -1
        self._on = False
        self._waiting: list[str] = []
        self._next_line = 0.0
        self._user = ""
        self._asks = "off"  # off | boot | user | password | shell
        self._typed = ""

    @property
    def server(self) -> Server | None:
        return self._state.tables.servers.get(self._server_id)

    def tick(self, seconds: float) -> None:
        """Let happen what is due: power that was switched, lines of a boot; `seconds` runs on."""
        server = self.server
        on = server is not None and server.running and server.state == "complete"
        if server is None or not on:
            if self._on or self._boots < 0:
                self._go_off()
            self._boots = server.boots if server else 0
        elif not self._on or server.boots != self._boots:
            watched = self._boots >= 0
            self._boots = server.boots
            self._boot(facts_of(self._state, server), seconds, slowly=watched)
        while self._waiting and seconds >= self._next_line:
            self._say_boot_line()
            self._next_line += LINE_SECONDS

    def _go_off(self) -> None:
        self._on = False
        self._asks, self._waiting = "off", []
        self.terminal.clear(cursor=False)
        self.terminal.line()
        self.terminal.line("  The server is powered off.", WHITE)

    def _boot(self, facts: Facts, seconds: float, *, slowly: bool) -> None:
        self._on = True
        self._asks, self._typed, self._user = "boot", "", ""
        self.terminal.clear()
        self._waiting = boot_lines(facts)
        self._next_line = seconds
        while self._waiting and not slowly:
            self._say_boot_line()

    def _say_boot_line(self) -> None:
        line = self._waiting.pop(0)
        if line.startswith("[  OK  ]"):
            self.terminal.write("[  ")
            self.terminal.write("OK", GREEN)
            self.terminal.line(line[6:])
        else:
            self.terminal.line(line)
        if not self._waiting:
            self._ask_user()

    def _ask_user(self) -> None:
        server = self.server
        assert server is not None
        facts = facts_of(self._state, server)
        self.terminal.line(f"{facts.system} {facts.hostname} tty1")
        self.terminal.line()
        self.terminal.write(f"{facts.hostname} login: ")
        self._asks, self._typed = "user", ""

    def type(self, character: str) -> None:
        """One character from the keyboard; the line's end is a newline, taking back is \\b."""
        if self._asks in ("off", "boot"):
            return
        if character == "\n":
            line, self._typed = self._typed, ""
            self.terminal.line()
            self._take(line)
        elif character == "\b":
            if self._typed:
                self._typed = self._typed[:-1]
                if self._asks != "password":
                    self.terminal.write("\b")
        elif character.isprintable() and len(self._typed) < LONGEST_LINE:
            self._typed += character
            if self._asks != "password":
                self.terminal.write(character)

    def interrupt(self) -> None:
        """Ctrl-C: this line is not meant."""
        if self._asks in ("user", "password", "shell"):
            self._typed = ""
            self.terminal.line("^C")
            if self._asks == "shell":
                self._prompt()
            else:
                self._ask_user()

    def restart(self) -> None:
        """Ctrl-Alt-Del, or `reboot`: down and up again."""
        server = self.server
        if server is not None and self._on:
            server.boots += 1
            server.last_task_at = self._clock()
            self._state.save()

    def power_off(self) -> None:
        """`poweroff`: down, and stays down."""
        server = self.server
        if server is not None and self._on:
            server.running = False
            server.last_task_at = self._clock()
            self._state.save()

    def _take(self, line: str) -> None:
        if self._asks == "user":
            if line.strip():
                self._user = line.strip()[:32]
                self._asks = "password"
                self.terminal.write("Password: ")
            else:
                self._ask_user()
        elif self._asks == "password":
            self._let_in()
        else:
            self._run(line.strip())

    def _let_in(self) -> None:
        self.terminal.line()
        self.terminal.line("This is a simulated server: any password is taken. Try `help`.")
        self.terminal.line()
        self._asks = "shell"
        self._prompt()

    def _prompt(self) -> None:
        server = self.server
        assert server is not None
        host = facts_of(self._state, server).hostname.split(".", 1)[0]
        self.terminal.write(f"{self._user}@{host}", GREEN)
        self.terminal.write(":~# " if self._user == "root" else ":~$ ", GREY)

    def _run(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        server = self.server
        assert server is not None
        if word == "clear":
            self.terminal.clear()
        elif word in ("exit", "logout"):
            self.terminal.clear()
            self._ask_user()
            return
        elif word == "reboot":
            self.restart()
            return
        elif word in ("poweroff", "halt", "shutdown"):
            self.power_off()
            return
        elif word:
            facts = facts_of(self._state, server)
            up: timedelta = self._clock() - facts.up_since
            for said in shell.answer(word, rest.strip(), facts, self._user, self._clock(), up):
                self.terminal.line(said)
        self._prompt()
