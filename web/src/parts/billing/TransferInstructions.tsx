import { useQuery } from "@tanstack/react-query";
import { transferQuery } from "../../api/payments";
import { Facts } from "../../ui/Card";
import { CopyText } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";

/** Where to send the money of a bank transfer, and what to write on it. */
export function TransferInstructions({ paymentId }: { paymentId: string }) {
  const { data, error, refetch } = useQuery(transferQuery(paymentId));
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={4} />;
  return (
    <div className="space-y-3" data-testid="transfer">
      <p className="text-ink-2">Send exactly this amount and write the reference as the purpose. We book it when it has arrived, usually within two working days.</p>
      <Facts items={[
        ["Amount", <Money key="amount" value={data.amount} className="font-semibold" />],
        ["Reference", <CopyText key="reference" text={data.reference} label="reference" />],
        ["To", data.holder],
        ["IBAN", <CopyText key="iban" text={data.iban} label="IBAN" />],
        ...(data.bic ? [["BIC", <CopyText key="bic" text={data.bic} label="BIC" />] as [string, React.ReactNode]] : []),
        ...(data.bank_name ? [["Bank", data.bank_name] as [string, string]] : []),
        ...(data.expires_at ? [["Waits until", <At key="until" at={data.expires_at} />] as [string, React.ReactNode]] : []),
      ]} />
    </div>
  );
}
