import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { saveSettings, settingsQuery } from "../../api/admin";
import { type PanelProbe, probePanel } from "../../api/adminPanel";
import type { SettingSection } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast, toastError } from "../../ui/Toast";
import { HooksCard } from "./HooksCard";
import { SystemTabs } from "./SystemTabs";

type Step = PanelProbe["steps"][number];
const looks: Record<Step["outcome"], StateLook> = {
  allowed: { word: "Allowed", tone: "good" }, forbidden: { word: "Not allowed", tone: "bad" }, failed: { word: "Failed", tone: "bad" }, not_tried: { word: "Not tried", tone: "neutral" },
};
const order: Step["outcome"][] = ["failed", "forbidden", "not_tried", "allowed"];

function Steps({ probe }: { probe: PanelProbe }) {
  return (
    <ul aria-label="Rights of the token" className="divide-y divide-line">
      {probe.steps.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome)).map((step) => (
        <li key={step.name} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 px-4 py-2">
          <span className="min-w-0 flex-1 basis-64">{step.title}<code className="ml-2 text-sm text-ink-3 wrap-anywhere">{step.call}</code>
            <span className="block text-sm text-ink-3 wrap-anywhere">{step.outcome === "allowed" && step.says === "The panel allows it." ? `Needed for ${step.needed_for}.` : step.says}</span>
          </span>
          <StateBadge look={step.outcome === "forbidden" && step.optional ? { word: "Not allowed", tone: "warn" } : looks[step.outcome]} />
        </li>
      ))}
    </ul>
  );
}

const counted = (probe: PanelProbe) => Object.entries(probe.counts).map(([name, count]) => `${count} ${name}`).join(", ");

type Tried = { probe: PanelProbe; base_url: string; token: string };

function Assistant({ section }: { section: SettingSection }) {
  const [tried, setTried] = useState<Tried | null>(null);
  const [saving, setSaving] = useState(false);
  const [, navigate] = useLocation();
  const stored = section.fields.find((field) => field.name === "base_url")?.value;
  const isSet = section.fields.some((field) => field.name === "token" && field.set);
  const form = useForm({
    initial: { base_url: typeof stored === "string" ? stored : "", token: "" },
    submit: async (values) => setTried({ probe: await probePanel(values), ...values }),
  });
  const current = tried && tried.base_url === form.values.base_url && tried.token === form.values.token ? tried : null;
  const save = async (wanted: Tried) => {
    setSaving(true);
    try {
      await saveSettings("virtfusion", { base_url: wanted.base_url.trim(), ...(wanted.token ? { token: wanted.token } : {}) });
      await queryClient.invalidateQueries({ queryKey: ["admin"] });
      toast("VirtFusion saved");
      navigate("/admin/health");
    } catch (error) {
      toastError(error);
    } finally {
      setSaving(false);
    }
  };
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
      <Section title="Address and token">
        <FormShell form={form} label="Address and token" actions={<Button type="submit" look={current ? "plain" : "primary"} busy={form.sending}>Try it</Button>}>
          <Field label="Address of the panel" help="As you open it in a browser, such as https://panel.example.com." error={form.errors.base_url}><Input inputMode="url" autoComplete="off" spellCheck={false} {...form.text("base_url")} /></Field>
          <Field label="API token" help={isSet ? "Leave it empty to try the one that is saved." : "Make it in the panel under Configuration > API. If it names addresses, ours must be among them."} error={form.errors.token}>
            <Input type="password" autoComplete="new-password" placeholder={isSet ? "Unchanged" : ""} {...form.text("token")} />
          </Field>
        </FormShell>
      </Section>
      {current ? (
        <Section flush title="What the token may do" aside={<Button look="primary" busy={saving} onClick={() => void save(current)}>Save</Button>}>
          <div className="p-4"><Notice tone={current.probe.ready ? "good" : "bad"} role="status" title={current.probe.ready ? "It works" : "Something is missing"}>
            {current.probe.ready ? <>The panel is {current.probe.version}: {counted(current.probe)}. What changes things can&apos;t be tried without doing it; see that it is ticked.</> : "You can save it anyway; what is missing will not work until it is ticked in the panel."}
          </Notice></div>
          <Steps probe={current.probe} />
        </Section>
      ) : <p className="max-w-prose text-ink-3">Nothing is changed at the panel and nothing saved here by trying: we only read, and try one creation dry. Then you see, right by right, what the token may do and what to tick in the panel.</p>}
    </div>
  );
}

/** Address, token, what it may do, then save: in that order. */
export function PanelSetupPage() {
  const { data, error, refetch } = useQuery(settingsQuery);
  const section = data?.items.find((each) => each.section === "virtfusion");
  return (
    <Page title="Set up VirtFusion" crumbs={[{ label: "Settings", href: "/admin/settings?section=virtfusion" }]}>
      <SystemTabs current="/admin/settings" />
      {section ? <><Assistant section={section} /><HooksCard /></> : error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={6} />}
    </Page>
  );
}
