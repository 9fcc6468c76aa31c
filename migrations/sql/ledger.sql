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
create trigger books_identity before update on books
    for each row when (
        old.id <> new.id or old.kind <> new.kind or old.currency <> new.currency
        or old.account_id is distinct from new.account_id
    ) execute function ledger_refuse_change();

create function ledger_entry_fits_book() returns trigger language plpgsql as $$
declare
    held books%rowtype;
begin
    select * into held from books where id = new.book_id;
    if held.currency <> new.currency then
        raise exception 'an entry of % does not belong in a book of %', new.currency, held.currency
            using errcode = 'check_violation';
    end if;
    if held.account_id is distinct from new.account_id then
        raise exception 'an entry names another account than its book'
            using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger entries_fit_book before insert on entries
    for each row execute function ledger_entry_fits_book();

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

-- A book's running balance is what its entries say, at the end of every transaction.
create function ledger_book_agrees() returns trigger language plpgsql as $$
declare
    last_balance bigint;
    balance bigint;
begin
    select balance_minor into balance from books where id = new.id;
    select balance_after_minor into last_balance
        from entries where book_id = new.id order by id desc limit 1;
    if balance <> coalesce(last_balance, 0) then
        raise exception 'book % says % but its entries say %', new.id, balance,
            coalesce(last_balance, 0) using errcode = 'check_violation';
    end if;
    return null;
end $$;

create constraint trigger books_agree after insert or update of balance_minor on books
    deferrable initially deferred
    for each row execute function ledger_book_agrees();
