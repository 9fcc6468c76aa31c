import { useLocation } from "wouter";
import { queryClient } from "../../api/query";
import { cx } from "../../lib/cx";
import { roleWords, useViewer } from "../../parts/identity/session";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";

export function AccountSwitcher({ slim }: { slim: boolean }) {
  const { me, account, choose } = useViewer();
  const [, navigate] = useLocation();
  const face = (
    <>
      <span aria-hidden="true" className="grid size-6 shrink-0 place-items-center rounded bg-accent text-xs font-semibold text-accent-ink">{account.name.slice(0, 1).toUpperCase()}</span>
      {slim ? null : <span className="min-w-0 flex-1 truncate text-left font-medium">{account.name}</span>}
    </>
  );
  const box = cx("flex h-9 w-full items-center gap-2.5 rounded px-1.5", slim && "justify-center px-0");
  if (me.accounts.length < 2) return <div className={box} title={account.name}>{face}</div>;
  return (
    <Menu align="start" trigger={
      <button type="button" aria-label={`Account ${account.name}, change`} className={cx(box, "hover:bg-hover")}>{face}{slim ? null : <Icon name="chevronUpDown" className="size-4 text-ink-3" />}</button>
    } items={[
      { kind: "label", label: "Accounts" },
      ...me.accounts.map((each) => ({
        label: each.name, hint: roleWords[each.role].word, checked: each.id === account.id,
        onSelect: () => {
          choose(each.id);
          navigate("/home");
          void queryClient.invalidateQueries();
        },
      })),
    ]} />
  );
}
