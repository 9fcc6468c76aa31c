"""PayPal's error answers, in PayPal's own words."""

from __future__ import annotations

from typing import Any

from skypanel.integrations.paypal.simulator.state import new_ref

MESSAGES = {
    400: (
        "INVALID_REQUEST",
        "Request is not well-formed, syntactically incorrect, or violates schema.",
    ),
    401: (
        "AUTHENTICATION_FAILURE",
        (
            "Authentication failed due to missing authorization header, "
            "or invalid authentication credentials."
        ),
    ),
    404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
    422: (
        "UNPROCESSABLE_ENTITY",
        (
            "The requested action could not be performed, semantically incorrect, "
            "or failed business validation."
        ),
    ),
    500: ("INTERNAL_SERVER_ERROR", "An internal server error occurred."),
    503: ("SERVICE_UNAVAILABLE", "Service Unavailable."),
}
SAID = {
    "INVALID_PARAMETER_SYNTAX": "The value of a field does not conform to the expected format.",
    "INVALID_STRING_LENGTH": "The value of a field is either too short or too long",
    "INVALID_PARAMETER_VALUE": "A parameter value is not valid.",
    "MALFORMED_REQUEST_JSON": "The request JSON is not well formed.",
    "INVALID_RESOURCE_ID": (
        "Specified resource ID does not exist. Please check the resource ID and try again."
    ),
    "UNSUPPORTED_INTENT": (
        "`intent=AUTHORIZE` is not supported for multiple purchase units. "
        "Only `intent=CAPTURE` is supported."
    ),
    "CANNOT_BE_ZERO_OR_NEGATIVE": (
        "Must be greater than zero. If the currency supports decimals, "
        "only two decimal place precision is supported."
    ),
    "DECIMAL_PRECISION": (
        "If the currency supports decimals, only two decimal place precision is supported."
    ),
    "INVALID_CURRENCY_CODE": (
        "Currency code is invalid or is not currently supported. Please refer "
        "https://developer.paypal.com/api/rest/reference/currency-codes/ "
        "for list of supported currency codes."
    ),
    "DUPLICATE_INVOICE_ID": (
        "Duplicate Invoice ID detected. To avoid a potential duplicate transaction your account "
        "setting requires that Invoice Id be unique for each transaction."
    ),
    "INSTRUMENT_DECLINED": (
        "The instrument presented  was either declined by the processor or bank, "
        "or it can't be used for this payment."
    ),
    "ORDER_NOT_APPROVED": (
        "Payer has not yet approved the Order for payment. Please redirect the payer to the "
        "'rel':'approve' url returned as part of the HATEOAS links within the Create Order call "
        "or provide a valid `payment_source` in the request."
    ),
    "ORDER_ALREADY_CAPTURED": (
        "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed."
    ),
    "PAYER_ACTION_REQUIRED": (
        "Transaction cannot complete successfully, instruct the buyer to return to PayPal."
    ),
    "TOKEN_EXPIRED": "The token is expired and cannot be used for payment.",
    "CURRENCY_MISMATCH": "The currency of the refund must be the currency of the capture.",
    "CAPTURE_FULLY_REFUNDED": "The capture has already been fully refunded",
    "REFUND_NOT_ALLOWED": "Capture cannot be refunded.",
    "REFUND_AMOUNT_EXCEEDED": (
        "The refund amount must be less than or equal to the capture amount "
        "that has not yet been refunded."
    ),
    "PENDING_CAPTURE": (
        "Cannot initiate a refund as the capture is pending. Capture is typically pending when "
        "the payer has funded the transaction using e-check/bank funded."
    ),
}


class Problem(Exception):
    """PayPal says no: an HTTP status, an issue and, where it is one field's, that field."""

    def __init__(self, status: int, issue: str = "", *, field: str = "", said: str = "") -> None:
        super().__init__(issue or str(status))
        self.status = status
        self.issue = issue
        self.field = field
        self.said = said

    def body(self) -> dict[str, Any]:
        name, message = MESSAGES[self.status]
        found: dict[str, Any] = {"name": name, "message": message, "debug_id": new_ref(13).lower()}
        if self.status == 401:  # as PayPal's gateway words it, before any API is reached
            found["error"] = "invalid_token"
            found["error_description"] = "Token signature verification failed"
        if self.issue:
            detail = {
                "issue": self.issue,
                "description": self.said or SAID.get(self.issue, self.issue),
            }
            if self.field:
                detail["field"] = self.field
            found["details"] = [detail]
            href = f"https://developer.paypal.com/docs/api/orders/v2/#error-{self.issue}"
            found["links"] = [{"href": href, "rel": "information_link", "method": "GET"}]
        return found
