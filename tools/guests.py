"""What the demo's real guests are made of: Debian's cloud kernel and busybox, fetched and unpacked.

Nothing is installed: apt downloads the packages and dpkg unpacks what is wanted of them into the
project's cache. Only the standard library: the demo asks before anything else runs.
"""

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.ground import CACHE, CannotGoOn, lock, say, stamped, write_stamp

ENGINES = ("auto", "simulated", "qemu")
EMULATOR = "qemu-system-x86_64"
INSTALL = "apt-get install --no-install-recommends qemu-system-x86"
KERNEL_PACKAGE, BUSYBOX_PACKAGE = "linux-image-cloud-amd64", "busybox-static"
KIT = CACHE / "guest-kit"
FORM = "1"
"""Of the kit's folder: another one is made anew."""
REAL = "A server that is started becomes a real guest under QEMU, up to four at once."
PLAYED = f"Servers are simulated; with QEMU ({INSTALL}) they are real guests."
DRIVER_FOLDERS = ("virtio", "block", "net", "core")  # of the kernel's, where virtio's lie


def guest_kit(engine: str) -> Path | None:
    """The folder of the kit where guests are to be real; None where they are simulated.

    `auto` is real where QEMU is installed and its kit can be had, and simulated otherwise.
    """
    if engine == "simulated":
        return None
    if shutil.which(EMULATOR) is None or platform.machine() != "x86_64":
        if engine == "qemu":
            raise CannotGoOn(f"Real guests need QEMU on x86-64: {INSTALL}.")
        return None
    try:
        prepare(KIT)
    except CannotGoOn as missing:
        if engine == "qemu":
            raise
        say(f"Servers are simulated: {missing}")
        return None
    return KIT


def prepare(kit: Path) -> None:
    """Fetch the kit's packages and unpack them, unless that was done."""
    stamp = kit / "stamp"
    if stamped(stamp, FORM):
        return
    held = lock(kit.with_name("guest-kit.lock"))
    if held is None:
        raise CannotGoOn("Another demo is fetching the guests' kernel: try again.")
    with held:
        say("Fetching a kernel and busybox for real guests (28 MB)…")
        for tool in ("apt-get", "apt-cache", "dpkg-deb"):
            if shutil.which(tool) is None:
                raise CannotGoOn(f"{tool} is missing, and the guests' kernel is Debian's.")
        shutil.rmtree(kit, ignore_errors=True)
        kit.mkdir(parents=True)
        with tempfile.TemporaryDirectory(prefix="skypanel-kit-") as place:
            unpack(Path(place), kit)
        write_stamp(stamp, FORM)


def unpack(place: Path, kit: Path) -> None:
    """The kernel, its drivers for QEMU's devices, and busybox, from Debian's packages."""
    depends = run(["apt-cache", "depends", "--important", KERNEL_PACKAGE], place)
    kernels = [line.split()[-1] for line in depends.splitlines() if "linux-image-" in line]
    exact = [name for name in kernels if name != KERNEL_PACKAGE]
    if not exact:
        raise CannotGoOn(f"apt does not know {KERNEL_PACKAGE}: run `apt-get update` once.")
    # Straight into the folder: apt's own account may not write here.
    plainly = ["-o", "APT::Sandbox::User=root"]
    run(["apt-get", "-qq", *plainly, "download", exact[0], BUSYBOX_PACKAGE], place)
    for package in place.glob("*.deb"):
        run(["dpkg-deb", "--extract", package.name, "whole"], place)
    whole = place / "whole"
    kernel = next(whole.glob("boot/vmlinuz-*"), None)
    busybox = next(whole.glob("**/bin/busybox"), None)
    drivers = [
        path
        for name in DRIVER_FOLDERS
        for path in whole.glob(f"lib/modules/*/kernel/**/{name}/*.ko")
        if "virtio" in path.name or "failover" in path.name
    ]
    if kernel is None or busybox is None or not drivers:
        raise CannotGoOn("Debian's packages have another form than the guests' kit expects.")
    shutil.copy(kernel, kit / "vmlinuz")
    shutil.copy(busybox, kit / "busybox")
    (kit / "drivers").mkdir()
    for driver in drivers:
        shutil.copy(driver, kit / "drivers")


def run(argv: Sequence[str], folder: Path) -> str:
    """Run one of Debian's tools; its failure is one sentence."""
    try:
        done = subprocess.run(
            argv, cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotGoOn(f"{argv[0]} did not end within two minutes.") from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotGoOn(f"{argv[0]} could not fetch the guests' kernel: {said}")
    return done.stdout
