import type RFB from "@novnc/novnc";
import { Button } from "../../ui/Button";
import { Textarea } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { typeText } from "./keys";

const longest = 5000;

/** A text, from the clipboard perhaps, typed into the server's screen. */
export function SendText({ rfb, onClose }: { rfb: RFB; onClose: () => void }) {
  const form = useForm({
    initial: { text: "" },
    validate: ({ text }) => (text ? {} : { text: "Write or paste what is to be typed." }),
    submit: async ({ text }) => {
      onClose();
      await typeText(rfb, text);
      rfb.focus({ preventScroll: true });
    },
  });
  return (
    <Dialog open title="Send text" onClose={onClose}>
      <FormShell form={form} label="Send text" actions={<><Button type="submit" look="primary">Type it</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="Text" help="It is typed on the server as by a keyboard of the US layout, line by line. Line breaks press Enter." error={form.errors.text}>
          <Textarea rows={6} maxLength={longest} spellCheck={false} className="font-mono" {...form.text("text")} />
        </Field>
      </FormShell>
    </Dialog>
  );
}
