"""What the simulated guest's commands print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.simulator.machine import Facts

HELP = (
    "cat clear date df echo exit free help hostname id ip ls poweroff pwd reboot",
    "uname uptime whoami",
)
FILES: Mapping[str, Callable[[Facts], list[str]]] = {
    "/etc/hostname": lambda facts: [facts.hostname],
    "/etc/os-release": lambda facts: [f'PRETTY_NAME="{facts.system}"'],
    "/proc/cpuinfo": lambda facts: [f"processor : {n}" for n in range(facts.cores)],
}


def answer(
    word: str, rest: str, facts: Facts, user: str, now: datetime, up: timedelta
) -> list[str]:
    """The lines that a command prints."""
    told: dict[str, Callable[[], list[str]]] = {
        "help": lambda: list(HELP),
        "whoami": lambda: [user],
        "id": lambda: [f"uid=0({user}) gid=0({user}) groups=0({user})"],
        "pwd": lambda: ["/root"],
        "echo": lambda: [rest],
        "hostname": lambda: [facts.hostname],
        "date": lambda: [f"{now:%a %b %d %H:%M:%S} UTC {now:%Y}"],
        "uname": lambda: _uname(rest, facts),
        "uptime": lambda: [_uptime(now, up)],
        "ls": lambda: _ls(rest),
        "cat": lambda: _cat(rest, facts),
        "free": lambda: _free(facts),
        "df": lambda: _df(facts),
        "ip": lambda: _ip(rest, facts),
    }
    act = told.get(word)
    return act() if act else [f"-bash: {word[:40]}: command not found"]


def _uname(rest: str, facts: Facts) -> list[str]:
    release = "6.1.0-26-cloud-amd64"
    if rest == "-a":
        return [f"Linux {facts.hostname} {release} #1 SMP x86_64 GNU/Linux"]
    return [release if rest == "-r" else "Linux"]


def _uptime(now: datetime, up: timedelta) -> str:
    minutes = max(0, int(up.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    span = f"{days} day{'s' * (days != 1)}, " if days else ""
    return f" {now:%H:%M:%S} up {span}{hours:2}:{minutes % 60:02},  1 user,  load average: 0.00"


def _ls(rest: str) -> list[str]:
    where = rest.rsplit(maxsplit=1)[-1] if rest and not rest.startswith("-") else ""
    if where == "/":
        return ["bin   dev  home  lost+found  mnt  proc  run   srv  tmp  var",
                "boot  etc  lib   media       opt  root  sbin  sys  usr"]  # fmt: skip
    return [] if where in ("", ".", "/root", "~") else [
        f"ls: cannot access '{where[:40]}': No such file or directory"
    ]  # fmt: skip


def _cat(rest: str, facts: Facts) -> list[str]:
    lines = FILES.get(rest)
    return lines(facts) if lines else [f"cat: {rest[:40]}: No such file or directory"]


def _free(facts: Facts) -> list[str]:
    total = facts.memory_mb
    used = min(148, total // 3)
    figures = (total, used, total - used - 96, 1, 95, total - used - 20)
    return [
        "               total        used        free      shared  buff/cache   available",
        "Mem:" + "".join(f"{figure:>{16 if at == 0 else 12}}" for at, figure in enumerate(figures)),
    ]


def _df(facts: Facts) -> list[str]:
    total, used = facts.disk_gb, 2
    percent = max(1, used * 100 // max(1, total))
    return [
        "Filesystem      Size  Used Avail Use% Mounted on",
        f"/dev/vda1      {total:>4}G {used:>4}G {total - used:>4}G {percent:>3}% /",
    ]


def _ip(rest: str, facts: Facts) -> list[str]:
    if not rest.startswith("a"):
        return ["Usage: ip a"]
    lines = [
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN",
        "    inet 127.0.0.1/8 scope host lo",
        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP",
        f"    inet {facts.ipv4}/24 scope global eth0",
    ]
    if facts.ipv6:
        address = facts.ipv6.replace("::/", "::1/")
        lines.append(f"    inet6 {address} scope global")
    return lines
