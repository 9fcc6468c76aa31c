import { useQuery } from "@tanstack/react-query";
import { identityLinksQuery, linkHref, signInOfferQuery, ssoWords, unlink } from "../../api/sso";
import { useUrl } from "../../lib/url";
import { Button, buttonClass } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Ago } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";
import { toast, toastError } from "../../ui/Toast";

const drop = (id: string) => unlink(id).then(() => toast("The panel's log-in lets you in no more"), toastError);

/** Log-ins of the panel that let one in here; shown where the host offers it. */
export function PanelLinks() {
  const { data: offer } = useQuery(signInOfferQuery);
  const { data: links } = useQuery({ ...identityLinksQuery, enabled: offer?.enabled === true });
  const [params] = useUrl();
  const came = params.get("sso");
  if (!offer?.enabled) return null;
  return (
    <Section title={`Sign in with ${offer.button}`} aside={<a className={buttonClass()} href={linkHref}>Link a log-in</a>}>
      {came === "linked" ? <div className="mb-3"><Notice tone="good" role="status">Linked. From now on that log-in lets you in here.</Notice></div> : null}
      {came && ssoWords[came] ? <div className="mb-3"><Notice tone="bad" role="alert">{ssoWords[came]}</Notice></div> : null}
      {links && links.items.length > 0 ? (
        <ul aria-label="Linked log-ins" className="divide-y divide-line">
          {links.items.map((link) => (
            <li key={link.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
              <span>{link.account_name ?? "A user of the panel"}<span className="block text-sm text-ink-3">Linked <Ago at={link.created_at} happened />{link.used_at ? <>, last used <Ago at={link.used_at} happened /></> : ", not used yet"}</span></span>
              <Button onClick={() => void drop(link.id)}>Unlink<span className="sr-only">: {link.account_name}</span></Button>
            </li>
          ))}
        </ul>
      ) : <p className="text-ink-2">Link your log-in of the panel once, then it lets you in here too. Whoever can log in there as that user can log in here as you.</p>}
    </Section>
  );
}
