"""SkyPANEL: client portal, billing and operations console for VPS hosts that run VirtFusion."""

__version__ = "0.1.0"
