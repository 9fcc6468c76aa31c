"""What the billing run's doors refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PolicyNameTaken(Refusal):
    status = 409
    code = "policy_name_taken"
    message = "There is a policy of this name already."


class PolicyInUse(Refusal):
    status = 409
    code = "policy_in_use"
    message = "Plans follow this policy; let them follow another first."


class ChangeNotPossible(Refusal):
    status = 409
    code = "change_not_possible"
    message = "This service's plan can't be changed now."


class ServiceNotRunning(ChangeNotPossible):
    code = "service_not_running"
    message = "Its plan can be changed while it runs: it is suspended, has ended or has not begun."


class ServiceEnds(ChangeNotPossible):
    code = "service_ends"
    message = "It is going to end. Keep it first; then its plan can be changed."


class ServiceUnpaid(ChangeNotPossible):
    code = "service_unpaid"
    message = "An invoice of its running period is open. Pay it first."


class ServiceSetAside(ChangeNotPossible):
    code = "service_set_aside"
    message = "Our staff look at this service at the moment; its plan can't be changed meanwhile."


class ServerNotReady(ChangeNotPossible):
    code = "server_not_ready"
    message = "Its server is not ready yet."


class ChangeUnderWay(ChangeNotPossible):
    code = "change_under_way"
    message = "A change of its plan is under way already."


class PlanTheSame(ChangeNotPossible):
    code = "plan_the_same"
    message = "It has this plan already."


class PlanNotOffered(ChangeNotPossible):
    code = "plan_not_offered"
    message = "This plan is not sold in its location for its billing term."


class PlanSoldOut(ChangeNotPossible):
    code = "plan_sold_out"
    message = "There is no room for this plan in its location at the moment."


class DiskCannotShrink(ChangeNotPossible):
    code = "disk_cannot_shrink"
    message = "A server's disk can't be made smaller. Order a new server and move to it."


class StorageDiffers(ChangeNotPossible):
    code = "storage_differs"
    message = "This plan has another kind of storage. Order a new server and move to it."


class AddonNotWithPlan(ChangeNotPossible):
    code = "addon_not_with_plan"
    message = "An add-on of this service is not sold with this plan."


class AddonNotForCycle(ChangeNotPossible):
    code = "addon_not_for_cycle"
    message = "An add-on of this service has no price for this billing term."


class SubscriptionFirst(ChangeNotPossible):
    code = "subscription_first"
    message = (
        "A PayPal subscription pays for it in its present billing term. End the subscription first."
    )


class OnlyAtRenewal(ChangeNotPossible):
    code = "only_at_renewal"
    message = "This change can be made at the next renewal."


class OnlyNow(ChangeNotPossible):
    code = "only_now"
    message = "What is billed by the hour has no periods: its plan is changed at once."


class BalanceBelowChange(ChangeNotPossible):
    code = "balance_below_change"
    message = "The wallet does not hold enough for this plan."


class QuoteChanged(Refusal):
    status = 409
    code = "quote_changed"
    message = "The amount is another by now. Look at it again."


class TooManyChanges(Refusal):
    status = 429
    code = "too_many_changes"
    message = "This service's plan was changed often today. Try again tomorrow."


class ApprovalOutOfReach(Refusal):
    status = 422
    code = "approval_out_of_reach"
    message = "Approve what the preview shows: from now on, and not beyond it."
