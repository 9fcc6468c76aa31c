-- Proforma numbers may have gaps; the numbers of paid documents come from number_series.
create sequence proforma_numbers;

-- Once issued, an invoice is immutable but for how far it is paid; its final number is taken once.
create function invoice_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'an issued invoice is immutable: % on % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;

create trigger invoices_immutable before update on invoices
    for each row when (
        old.state <> 'draft' and (
            (old.id, old.account_id, old.becomes, old.proforma_number, old.currency,
             old.net_minor, old.tax_minor, old.total_minor, old.due_on, old.buyer, old.seller,
             old.created_at)
            is distinct from
            (new.id, new.account_id, new.becomes, new.proforma_number, new.currency,
             new.net_minor, new.tax_minor, new.total_minor, new.due_on, new.buyer, new.seller,
             new.created_at)
            or (old.order_ref, old.credits_id, old.credit_reason, old.tax_note)
                is distinct from (new.order_ref, new.credits_id, new.credit_reason, new.tax_note)
            or new.paid_minor < old.paid_minor
            or new.credited_minor < old.credited_minor
            or (old.kind <> 'proforma' and
                (old.kind, old.number, old.issued_on)
                is distinct from (new.kind, new.number, new.issued_on))
            or (old.paid_at is not null and old.paid_at is distinct from new.paid_at)
            or (old.kind = 'proforma' and old.kind is not distinct from new.kind and
                (old.number, old.issued_on) is distinct from (new.number, new.issued_on))
            or new.state = 'draft'
        )
    ) execute function invoice_refuse_change();
create trigger invoices_stay before delete on invoices
    for each row when (old.state <> 'draft') execute function invoice_refuse_change();
create trigger invoices_no_truncate before truncate on invoices
    for each statement execute function invoice_refuse_change();

create function invoice_lines_fixed() returns trigger language plpgsql as $$
declare
    about uuid := case when tg_op = 'INSERT' then new.invoice_id else old.invoice_id end;
begin
    if (select state from invoices where id = about) <> 'draft' then
        raise exception 'the lines of an issued invoice are immutable: % is refused', tg_op
            using errcode = 'restrict_violation';
    end if;
    return coalesce(new, old);
end $$;

create trigger invoice_lines_immutable before insert or update or delete on invoice_lines
    for each row execute function invoice_lines_fixed();
create trigger invoice_lines_no_truncate before truncate on invoice_lines
    for each statement execute function invoice_refuse_change();

-- An invoice is its lines.
create function invoice_is_its_lines() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from invoices i
        left join (
            select invoice_id, sum(net_minor) as net, sum(tax_minor) as tax
            from invoice_lines where invoice_id = new.id group by invoice_id
        ) l on l.invoice_id = i.id
        where i.id = new.id and i.state <> 'draft'
            and (l.net is distinct from i.net_minor or l.tax is distinct from i.tax_minor)
    ) then
        raise exception 'invoice % is not the sum of its lines', new.id
            using errcode = 'check_violation';
    end if;
    return null;
end $$;

create constraint trigger invoices_sum after insert or update of state on invoices
    deferrable initially deferred
    for each row execute function invoice_is_its_lines();

-- What is credited of an invoice is the sum of its credit notes, whoever writes them.
create function invoice_credits_agree() returns trigger language plpgsql as $$
declare
    about uuid := case when new.kind = 'credit_note' then new.credits_id else new.id end;
begin
    if (select coalesce(sum(total_minor), 0) from invoices
            where credits_id = about and state = 'issued')
        <> (select credited_minor from invoices where id = about) then
        raise exception 'invoice % is not credited by what its credit notes sum to', about
            using errcode = 'check_violation';
    end if;
    return null;
end $$;

create constraint trigger invoices_credited after update of credited_minor, state on invoices
    deferrable initially deferred
    for each row when (new.kind = 'credit_note' or old.credited_minor <> new.credited_minor)
    execute function invoice_credits_agree();
