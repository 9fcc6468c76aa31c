"""What the servers tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class ServerAllocating(Event):
    """A server's room at the panel is being taken."""

    server_id: UUID
    account_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class ServerInstalling(Event):
    """The operating system is being installed."""

    server_id: UUID
    account_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class ServerReady(Event):
    """The customer can log in."""

    server_id: UUID
    account_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class ServerAdopted(Event):
    """A server that the panel had before belongs to an account now, as it is."""

    server_id: UUID
    account_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class ServerFailed(Event):
    """A server could not be made; staff look at it."""

    server_id: UUID
    account_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class ServerChanged(Event):
    """A server looks different: power, label, message, password."""

    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServerTaskQueued(Event):
    """Somebody asked something of a server."""

    task_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServerTaskChanged(Event):
    """A task moved on or ended."""

    task_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServerRenamed(Event):
    """A server has another label than the panel knows."""

    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ServerReinstalled(Event):
    """A server has a fresh system, as somebody asked; what was on it is gone."""

    task_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class ReinstallFailed(Event):
    """A server's new system could not be installed; what was on it is gone."""

    task_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordReset(Event):
    """A server has another password, as somebody asked."""

    task_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class AddressAnswered(Event):
    """The panel gave or took an IPv4 address, or did not: the task says what came of it."""

    task_id: UUID
    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class SightAsked(Event):
    """Somebody looks at a server's network or storage: the panel is to be asked how they are."""

    server_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class SightChanged(Event):
    """What is known of a server's network and storage is new."""

    server_id: UUID
    account_id: UUID
