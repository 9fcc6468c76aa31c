import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endTaxRule, setTaxRule, taxRatesQuery, type TaxRule, taxRulesQuery } from "../../api/prices";
import { countryName, formatNumber, today } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { On } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs } from "./CatalogTabs";
import { decimal, type Fact, FactsDialog } from "./FactsDialog";

const kinds = { any: "Everybody", consumer: "Consumers", business: "Businesses" };
const percent = (rate: string) => `${formatNumber(Number(rate) * 100, 3)} %`;
const facts: Fact[] = [
  { name: "country", label: "Country", kind: "country" },
  { name: "state", label: "State", optional: true, help: "Such as NY. Empty: the whole country." },
  { name: "customer_kind", label: "For", options: Object.entries(kinds).map(([value, label]) => ({ value, label })) },
  { name: "percent", label: "Rate in per cent", kind: "decimal" },
  { name: "label", label: "Called", help: "Such as VAT or Sales tax." },
  { name: "starts_on", label: "From", kind: "date" },
  { name: "ends_on", label: "Until", kind: "date", optional: true },
  { name: "note", label: "Sentence on the invoice", optional: true, wide: true },
];

/** A percentage as the fraction the server wants, by digits rather than by division. */
function fraction(text: string): string {
  const [whole = "0", part = ""] = decimal(text).split(".");
  const digits = whole.padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${part}`;
}

function columnsWith(end: (rule: TaxRule) => void): Column<TaxRule>[] {
  return [
    { key: "place", title: "Place", cell: (row) => `${countryName(row.country)}${row.state ? `, ${row.state}` : ""}`, csv: (row) => `${row.country} ${row.state}`, phone: "first", className: "font-medium" },
    { key: "kind", title: "For", cell: (row) => kinds[row.customer_kind], csv: (row) => row.customer_kind, phone: "second" },
    { key: "rate", title: "Rate", align: "right", cell: (row) => percent(row.rate), csv: (row) => row.rate, phone: "side" },
    { key: "label", title: "Called", cell: (row) => row.label, csv: (row) => row.label },
    { key: "from", title: "From", cell: (row) => <On on={row.starts_on} />, csv: (row) => row.starts_on, phone: "second" },
    { key: "until", title: "Until", cell: (row) => (row.ends_on ? <On on={row.ends_on} /> : <span className="text-ink-3">–</span>), csv: (row) => row.ends_on ?? "" },
    { key: "end", title: "Actions", untitled: true, align: "right", phone: "side", cell: (row) => (row.ends_on ? null : <Button look="quiet" onClick={() => end(row)}>End<span className="sr-only"> {row.country} {row.state}</span></Button>) },
  ];
}

function BuiltIn() {
  const rates = useQuery(taxRatesQuery).data;
  if (!rates) return null;
  return (
    <Section title="Standard rates in the EU" className="mt-6">
      <p className="mb-3 text-ink-2">They hold where no rule above says otherwise. Source: {rates.source}.</p>
      <dl className="num grid grid-cols-2 gap-x-8 gap-y-1 sm:grid-cols-3 lg:grid-cols-5">
        {rates.items.map((each) => <div key={each.country} className="flex justify-between gap-3"><dt className="truncate text-ink-2">{countryName(each.country)}</dt><dd>{percent(each.rate)}</dd></div>)}
      </dl>
    </Section>
  );
}

export function AdminTaxPage() {
  const query = useQuery(taxRulesQuery(useListParams()));
  const [open, setOpen] = useState<TaxRule | "new" | null>(null);
  const close = () => setOpen(null);
  return (
    <Page title="Tax" action={<Button look="primary" icon="plus" onClick={() => setOpen("new")}>New rule</Button>}>
      <CatalogTabs current="/admin/tax" />
      <DataTable name="tax-rules" label="Tax rules" query={query} columns={columnsWith(setOpen)} rowKey={(row) => row.id}
        empty={<EmptyState title="No rules of your own">Inside the EU the standard rates below hold. Make a rule where you charge tax elsewhere, such as in a state of the US, or where a rate has changed.</EmptyState>} />
      <BuiltIn />
      {open === "new" ? (
        <FactsDialog title="New tax rule" verb="Set rule" facts={facts} names={["tax-rules"]} said="The rule is set" onClose={close} aliases={{ rate: "percent" }}
          initial={{ country: "", state: "", customer_kind: "any", percent: "", label: "Sales tax", starts_on: today(), ends_on: "", note: "" }}
          save={({ percent: rate, ends_on, customer_kind, ...rest }) => setTaxRule({
            country: rest.country ?? "", state: rest.state ?? "", label: rest.label ?? "", note: rest.note ?? "", starts_on: rest.starts_on ?? "",
            customer_kind: customer_kind as TaxRule["customer_kind"], rate: fraction(rate ?? ""), ends_on: ends_on || null,
          })} />
      ) : open ? (
        <FactsDialog title={`End the rule for ${countryName(open.country)}`} verb="End rule" names={["tax-rules"]} said="The rule ends" onClose={close}
          facts={[{ name: "ends_on", label: "Last day", kind: "date", help: "Invoices issued later use what holds then." }]} initial={{ ends_on: today() }}
          save={({ ends_on }) => endTaxRule(open.id, ends_on ?? "")} />
      ) : null}
    </Page>
  );
}
