-- The ledger is append-only and balanced, whoever writes to it.

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;

create trigger entries_append_only before update or delete on entries
    for each row execute function ledger_refuse_change();
create trigger entries_no_truncate before truncate on entries
    for each statement execute function ledger_refuse_change();
create trigger transfers_append_only before update or delete on transfers
    for each row execute function ledger_refuse_change();
create trigger transfers_no_truncate before truncate on transfers
    for each statement execute function ledger_refuse_change();
create trigger books_stay before delete on books
    for each row execute function ledger_refuse_change();
create trigger books_no_truncate before truncate on books
    for each statement execute function ledger_refuse_change();

-- A book opens empty, and its balance moves only by an entry.
create function ledger_book_opens() returns trigger language plpgsql as $$
begin
    if new.balance_minor <> 0 then
        raise exception 'a book opens empty' using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger books_open before insert on books
    for each row execute function ledger_book_opens();
create trigger books_move_by_entries before update on books
    for each row when (
        pg_trigger_depth() = 0
        or old.id <> new.id or old.kind <> new.kind or old.currency <> new.currency
        or old.account_id is distinct from new.account_id
    ) execute function ledger_refuse_change();

create function ledger_entry_moves_book() returns trigger language plpgsql as $$
declare
    held books%rowtype;
begin
    update books set balance_minor = balance_minor + new.amount_minor
        where id = new.book_id returning * into held;
    if not found then
        raise exception 'there is no book %', new.book_id using errcode = 'foreign_key_violation';
    end if;
    if held.currency <> new.currency then
        raise exception 'an entry of % does not belong in a book of %', new.currency, held.currency
            using errcode = 'check_violation';
    end if;
    if held.account_id is distinct from new.account_id then
        raise exception 'an entry names another account than its book'
            using errcode = 'check_violation';
    end if;
    new.balance_after_minor := held.balance_minor;
    return new;
end $$;

create trigger entries_move_book before insert on entries
    for each row execute function ledger_entry_moves_book();

create function ledger_transfer_balances() returns trigger language plpgsql as $$
declare
    checked uuid;
    off record;
begin
    if tg_table_name = 'entries' then
        checked := new.transfer_id;
    else
        checked := new.id;
        if not exists (select 1 from entries where transfer_id = checked) then
            raise exception 'transfer % moves nothing', checked using errcode = 'check_violation';
        end if;
    end if;
    select currency, sum(amount_minor) as total into off
        from entries where transfer_id = checked
        group by currency having sum(amount_minor) <> 0 limit 1;
    if found then
        raise exception 'transfer % is out of balance by % %', checked, off.total, off.currency
            using errcode = 'check_violation';
    end if;
    return null;
end $$;

create constraint trigger entries_balance after insert on entries
    deferrable initially deferred
    for each row execute function ledger_transfer_balances();
create constraint trigger transfers_move after insert on transfers
    deferrable initially deferred
    for each row execute function ledger_transfer_balances();
