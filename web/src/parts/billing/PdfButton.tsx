import { pdfPath } from "../../api/billing";
import type { Invoice } from "../../api/types";
import { Button, buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";

/** The PDF, once it has been made; until then the button says why it cannot be had. */
export function PdfButton({ invoice, path = pdfPath(invoice.id) }: { invoice: Pick<Invoice, "id" | "number" | "pdf_ready">; path?: string }) {
  if (!invoice.pdf_ready) {
    return <Tooltip text="The PDF is being made; this takes a few seconds."><span><Button icon="download" disabled>PDF in preparation</Button></span></Tooltip>;
  }
  return <a className={buttonClass()} href={path} download={`${invoice.number}.pdf`}><Icon name="download" />Download PDF</a>;
}
