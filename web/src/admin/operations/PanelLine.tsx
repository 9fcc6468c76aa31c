import { useQuery } from "@tanstack/react-query";
import { type PanelStanding, panelQuery } from "../../api/adminPanel";
import { formatNumber } from "../../lib/format";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Ago } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";

const looks: Record<PanelStanding["state"], StateLook> = {
  not_set_up: { word: "Not set up", tone: "neutral" }, answers: { word: "Answers", tone: "good" }, troubled: { word: "Last calls failed", tone: "warn" },
  silent: { word: "Does not answer", tone: "bad", moving: true }, limited: { word: "Asked too often", tone: "warn", moving: true },
};

/** Whether VirtFusion answers, since when not, and which one it is. */
export function PanelLine() {
  const { data: panel } = useQuery({ ...panelQuery, refetchInterval: 15_000 });
  if (!panel) return null;
  return (
    <Section title="VirtFusion" className="mb-5" aside={<StateBadge look={looks[panel.state]} since={panel.state === "answers" ? null : panel.since} />}>
      {panel.state === "silent" ? (
        <div className="mb-3"><Notice tone="bad" role="status" title="We stopped asking the panel">
          {formatNumber(panel.failures)} calls in a row failed. {panel.asked_again_at ? <>One call looks again <Ago at={panel.asked_again_at} />. </> : null}
          Tasks and new servers wait meanwhile; nothing is taken for gone or sold out. {panel.error ? <span className="block wrap-anywhere">Last: {panel.error}</span> : null}
        </Notice></div>
      ) : null}
      {panel.state === "limited" && panel.limited_until_at ? <div className="mb-3"><Notice tone="warn" role="status">The panel wants to be left alone until <Ago at={panel.limited_until_at} />. Lower the calls per minute in its settings if this comes back.</Notice></div> : null}
      <Facts columns={2} items={[
        ["Version", `${panel.version}${panel.version_by_hand ? ", by hand" : ""}`],
        ["Its own health check", panel.healthy === null ? "not told" : panel.healthy ? "all well" : "something is unhealthy"],
        ["Asked at most", panel.calls_per_minute === 0 ? "no limit" : `${formatNumber(panel.calls_per_minute)} times a minute`],
        ["Settings", <LinkButton key="settings" href="/admin/settings?section=virtfusion">Open</LinkButton>],
      ]} />
    </Section>
  );
}
