-- The audit trail is only ever added to.
create function audit_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only: % is refused', tg_op
        using errcode = 'restrict_violation';
end $$;

create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function audit_refuse_change();
create trigger audit_entries_no_truncate before truncate on audit_entries
    for each statement execute function audit_refuse_change();
