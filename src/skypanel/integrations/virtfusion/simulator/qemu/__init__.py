"""The engine of real guests: small Linux machines under QEMU."""

from skypanel.integrations.virtfusion.simulator.qemu.engine import Qemu
from skypanel.integrations.virtfusion.simulator.qemu.kit import Kit, KitMissing

__all__ = ["Kit", "KitMissing", "Qemu"]
