import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addPlan, adminLocationsQuery, editPlan, packagesQuery } from "../../api/admin";
import type { AdminPlan } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { formatDisk, formatMemory } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Checkbox, Input, Select, Switch } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

const slugOf = (name: string) => name.toLowerCase().replace(/[^a-z\d]+/g, "-").replace(/^-|-$/g, "");

function Places({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const locations = useQuery(adminLocationsQuery()).data?.items ?? [];
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-ink-2">Sold in</legend>
      <div className="grid sm:grid-cols-2">
        {locations.map((place) => (
          <Checkbox key={place.id} label={place.name} checked={chosen.includes(place.id)} onChange={(event) => onChange(event.target.checked ? [...chosen, place.id] : chosen.filter((id) => id !== place.id))} />
        ))}
      </div>
    </fieldset>
  );
}

function PackageField({ value, onChange, error }: { value: string; onChange: (event: { target: { value: string } }) => void; error: string | undefined }) {
  const packages = useQuery(packagesQuery()).data?.items ?? [];
  return (
    <Field label="Package at the panel" error={error} help="Its size is what the plan sells.">
      <Select value={value} onChange={onChange}>
        <option value="">Choose a package</option>
        {packages.filter((each) => each.enabled).map((each) => <option key={each.id} value={each.id}>{each.name}: {each.vcpu} vCPU, {formatMemory(each.memory_mib)}, {formatDisk(each.disk_gib)}</option>)}
      </Select>
    </Field>
  );
}

/** A plan's words, where it is sold and whether; its size belongs to the panel's package. */
export function PlanDialog({ plan, onClose }: { plan: AdminPlan | null; onClose: () => void }) {
  const [places, setPlaces] = useState(plan?.location_ids ?? []);
  const form = useForm({
    initial: { name: plan?.name ?? "", description: plan?.description ?? "", position: String(plan?.position ?? 0), trial_days: String(plan?.trial_days ?? 0), offered: plan?.offered ?? true, package_id: "" },
    validate: (values) => ({
      name: values.name.trim() ? undefined : "Give the plan a name.",
      position: /^\d+$/.test(values.position) ? undefined : "Enter a whole number.",
      trial_days: /^\d+$/.test(values.trial_days) ? undefined : "Enter a whole number.",
      package_id: plan || values.package_id ? undefined : "Choose a package.",
    }),
    submit: async (values) => {
      const body = { name: values.name.trim(), description: values.description.trim(), position: Number(values.position), trial_days: Number(values.trial_days), offered: values.offered, location_ids: places };
      if (plan) await editPlan(plan.id, body);
      else await addPlan({ ...body, package_id: values.package_id, slug: slugOf(values.name), prices: [] });
      await queryClient.invalidateQueries({ queryKey: ["admin", "plans"] });
      void queryClient.invalidateQueries({ queryKey: ["plans"] });
      toast(`${values.name} saved`);
      onClose();
    },
    aliases: { slug: "name" },
  });
  return (
    <Dialog open wide title={plan?.name ?? "New plan"} onClose={onClose}>
      <FormShell form={form} label={plan?.name ?? "New plan"} actions={<><Button type="submit" look="primary" busy={form.sending}>{plan ? "Save" : "Add plan"}</Button><Button onClick={onClose}>Cancel</Button></>}>
        <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
          <Field label="Name" error={form.errors.name}><Input autoComplete="off" {...form.text("name")} /></Field>
          <Field label="Place in the list" error={form.errors.position}><Input inputMode="numeric" {...form.text("position")} /></Field>
        </div>
        {plan ? null : <PackageField value={form.values.package_id} error={form.errors.package_id} onChange={form.text("package_id").onChange} />}
        <Field label="Days of trial" error={form.errors.trial_days} help="Free for so many days, once per customer; 0: none."><Input inputMode="numeric" {...form.text("trial_days")} /></Field>
        <Field label="Description" optional help="One line under the name." error={form.errors.description}><Input autoComplete="off" {...form.text("description")} /></Field>
        <Places chosen={places} onChange={setPlaces} />
        <Switch label="Offered to customers" checked={form.values.offered} onChange={(on) => form.set("offered", on)} />
      </FormShell>
    </Dialog>
  );
}
