import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { addonsQuery, brandQuery, imagesQuery, locationsQuery, plansQuery } from "../../api/catalog";
import { placeOrder } from "../../api/orders";
import { queryClient } from "../../api/query";
import type { Cycle } from "../../api/types";
import { isApiError, sayError } from "../../lib/errors";
import { recall } from "../../lib/store";
import { randomId } from "../../lib/uuid";
import { useMe } from "../../parts/identity/session";
import { priceOf } from "../../parts/catalog/words";
import { Button, LinkButton } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { AddonsStep, soldAddons } from "./AddonsStep";
import { CouponField } from "./CouponField";
import { AccessStep, NameStep } from "./AccessStep";
import { addonChoices, checkDraft, type DraftErrors, dropDraft, serverFields, toRequest, useDraft } from "./draft";
import { ImageStep, LocationStep } from "./PlaceSteps";
import { planObstacle, PlanStep } from "./PlanStep";
import { orderVerb } from "./Hourly";
import { PriceBar, Summary, useQuote } from "./Summary";

const sections: Record<keyof DraftErrors, string> = { location: "location", image: "image", plan: "plan", addons: "addons", access: "access", publicKey: "access", hostname: "name", label: "name", coupon: "coupon" };

function showFirst(errors: DraftErrors): void {
  const first = (Object.keys(sections) as (keyof DraftErrors)[]).find((name) => errors[name]);
  if (!first) return;
  requestAnimationFrame(() => {
    const section = document.getElementById(sections[first]);
    section?.scrollIntoView({ block: "start", behavior: "smooth" });
    const field = section?.querySelector<HTMLElement>("[aria-invalid=true], input:not(:disabled)");
    (field ?? section)?.focus({ preventScroll: true });
  });
}

/** The same order sent twice keeps its key, so a double click or a lost answer never orders twice. */
function useOrderKey(): (body: object) => string {
  const last = useRef({ body: "", key: "" });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.body !== text) last.current = { body: text, key: randomId() };
    return last.current.key;
  };
}

function useCatalog(currency: string | undefined) {
  const plans = useQuery(plansQuery(currency));
  const locations = useQuery(locationsQuery);
  const images = useQuery(imagesQuery);
  const addons = useQuery(addonsQuery(currency)).data?.items ?? [];
  return { plans, locations, images, addons, error: plans.error ?? locations.error ?? images.error };
}

function useOrder() {
  const me = useMe();
  const [, navigate] = useLocation();
  const [draft, change] = useDraft();
  const [errors, setErrors] = useState<DraftErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const keyFor = useOrderKey();
  const chosen = recall<string | null>("account", null);
  const account = me?.accounts.find((each) => each.id === chosen) ?? me?.accounts[0];

  const edit: typeof change = (part) => {
    change(part);
    setErrors({});
  };
  async function submit(full: typeof draft, addons: { addon_id: string; quantity: number }[]): Promise<void> {
    const found = checkDraft(full);
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return showFirst(found);
    if (!account) return;
    setSending(true);
    try {
      const body = { ...toRequest(full, account.id), ...(addons.length > 0 ? { addons } : {}) };
      const order = await placeOrder(body, keyFor(body));
      dropDraft();
      queryClient.setQueryData(["orders", "one", order.id], order);
      void queryClient.invalidateQueries({ queryKey: ["orders", "list"] });
      navigate(`/orders/${order.id}`);
    } catch (error) {
      const refused: DraftErrors = {};
      for (const each of isApiError(error) ? error.errors : []) {
        const name = each.field.split(".").map((part) => serverFields[part]).find(Boolean);
        if (name) refused[name] = each.message;
      }
      setErrors(refused);
      if (Object.keys(refused).length > 0) showFirst(refused);
      else setFailure(sayError(error));
      if (isApiError(error) && error.status === 409) void queryClient.invalidateQueries({ queryKey: ["plans"] });
    } finally {
      setSending(false);
    }
  }
  return { me, account, draft, edit, errors, failure, sending, submit };
}

export function OrderFormPage() {
  const { me, account, draft, edit, errors, failure, sending, submit } = useOrder();
  const brand = useQuery(brandQuery).data;
  const currency = account?.currency ?? brand?.default_currency;
  const { plans, locations, images, addons, error } = useCatalog(currency);
  const items = plans.data?.items ?? [];
  const sold = (["monthly", "quarterly", "half_yearly", "yearly", "hourly"] as Cycle[]).filter((each) => items.some((plan) => priceOf(plan, each)));
  const cycle = draft.cycle && sold.includes(draft.cycle) ? draft.cycle : (sold[0] ?? "monthly");
  const place = locations.data?.items.find((each) => each.id === draft.location);
  const image = images.data?.items.find((each) => each.id === draft.image);
  const picked = items.find((each) => each.id === draft.plan);
  const plan = picked && planObstacle(picked, draft.location, image, cycle) === null ? picked : undefined;
  const full = { ...draft, cycle, plan: plan?.id ?? "", location: place?.id ?? "", image: image?.id ?? "" };
  const ready = Boolean(plan && place);
  const extras = soldAddons(addons, full.plan, cycle);
  const choices = addonChoices(draft, extras);
  const wish = plan && place ? { plan_id: plan.id, location_id: place.id, cycle, coupon: draft.coupon, addons: choices } : null;
  const quote = useQuote(wish, currency, account?.id);
  const next = encodeURIComponent("/order?resume=1");
  const button = me === null ? (
    <>
      <LinkButton look="primary" size="large" className="w-full" href={`/signup?next=${next}`}>Create an account to order</LinkButton>
      <LinkButton size="large" className="w-full" href={`/login?next=${next}`}>Log in to order</LinkButton>
      <p className="text-sm text-ink-3">What you have chosen is kept until you are back.</p>
    </>
  ) : (
    <Button look="primary" size="large" className="w-full" busy={sending} onClick={() => void submit(quote.couponError ? { ...full, coupon: "" } : full, choices)}>
      {ready && quote.data ? orderVerb(quote.data) : "Order"}
    </Button>
  );
  return (
    <Page title="Order a server">
      {error && !plans.data ? <ErrorState error={error} retry={plans.refetch} /> : !plans.data || !locations.data || !images.data ? <Skeleton className="h-[60vh] w-full" /> : (
        <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_340px]">
          <div className="min-w-0 space-y-8">
            <LocationStep locations={locations.data.items} plans={items} value={full.location} onChange={(id) => edit({ location: id })} error={errors.location} />
            <ImageStep images={images.data.items} value={full.image} onChange={(id) => edit({ image: id })} error={errors.image} />
            <PlanStep plans={items} location={full.location} image={image} value={full.plan} cycle={cycle} onPlan={(id) => edit({ plan: id })} onCycle={(each) => edit({ cycle: each })} error={errors.plan} />
            {plan ? <AddonsStep addons={extras} cycle={cycle} draft={draft} change={edit} error={errors.addons} /> : null}
            <AccessStep accountId={account?.id} draft={draft} change={edit} errors={errors} />
            <NameStep draft={draft} change={edit} errors={errors} />
          </div>
          <Summary quote={quote} ready={ready} plan={plan} place={place} image={image} button={button}
            coupon={<CouponField key={draft.coupon} value={draft.coupon} onChange={(code) => edit({ coupon: code })} error={errors.coupon ?? quote.couponError} />}
            failure={failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null} />
        </div>
      )}
      <PriceBar quote={quote} ready={ready} />
    </Page>
  );
}
