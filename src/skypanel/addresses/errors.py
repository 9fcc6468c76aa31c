"""What is refused about extra addresses."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class AddressNotPossible(Refusal):
    status = 409
    code = "address_not_possible"
    message = "This server's addresses can't be changed now."


class AddressNotSold(AddressNotPossible):
    code = "address_not_sold"
    message = "No extra addresses are sold for this server."


class AddressLimit(AddressNotPossible):
    code = "address_limit"
    message = "It has as many of them as a server may have."


class AddressesSoldOut(AddressNotPossible):
    code = "addresses_sold_out"
    message = "There is no free address in its location at the moment."


class AddressUnderWay(AddressNotPossible):
    code = "address_under_way"
    message = "An address is on its way already. Wait until it is there."
