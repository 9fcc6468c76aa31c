"""Everything there is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


QUEUE = """
-- Procrastinate Schema

DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
EXCEPTION
    WHEN OTHERS THEN
        -- On managed PostgreSQL services (e.g. Azure Database for PostgreSQL, Amazon RDS,
        -- Google Cloud SQL), CREATE EXTENSION may fail with various error codes:
        -- insufficient_privilege, feature_not_supported, or provider-specific errors.
        -- Before ignoring, verify the extension actually exists — if it does not exist
        -- and cannot be created, re-raise so the failure is explicit.
        IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'plpgsql') THEN
            RAISE NOTICE 'plpgsql extension already exists, skipping creation.';
        ELSE
            RAISE;
        END IF;
END;
$$;

-- Enums

CREATE TYPE procrastinate_job_status AS ENUM (
    'todo',  -- The job is queued
    'doing',  -- The job has been fetched by a worker
    'succeeded',  -- The job ended successfully
    'failed',  -- The job ended with an error
    'cancelled', -- The job was cancelled
    'aborting',  -- legacy, not used anymore since v3.0.0
    'aborted'  -- The job was aborted
);

CREATE TYPE procrastinate_job_event_type AS ENUM (
    'deferred',  -- Job created, in todo
    'started',  -- todo -> doing
    'deferred_for_retry',  -- doing -> todo
    'failed',  -- doing -> failed
    'succeeded',  -- doing -> succeeded
    'cancelled', -- todo -> cancelled
    'abort_requested', -- not a state transition, but set in a separate field
    'aborted', -- doing -> aborted (only allowed when abort_requested field is set)
    'scheduled', -- not a state transition, but recording when a task is scheduled for
    'retried' -- Manually retried failed job
);

-- Composite Types

CREATE TYPE procrastinate_job_to_defer_v1 AS (
    queue_name character varying,
    task_name character varying,
    priority integer,
    lock text,
    queueing_lock text,
    args jsonb,
    scheduled_at timestamp with time zone
);

-- Tables

CREATE TABLE procrastinate_workers(
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    last_heartbeat timestamp with time zone NOT NULL DEFAULT NOW()
);

CREATE TABLE procrastinate_jobs (
    id bigserial PRIMARY KEY,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}' NOT NULL,
    status procrastinate_job_status DEFAULT 'todo'::procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone NULL,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint REFERENCES procrastinate_workers(id) ON DELETE SET NULL,
    CONSTRAINT check_not_todo_abort_requested CHECK (NOT (status = 'todo' AND abort_requested = true))
);

CREATE TABLE procrastinate_periodic_defers (
    id bigserial PRIMARY KEY,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint REFERENCES procrastinate_jobs(id) NULL,
    periodic_id character varying(128) NOT NULL DEFAULT '',
    CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp)
);

CREATE TABLE procrastinate_events (
    id bigserial PRIMARY KEY,
    job_id bigint NOT NULL REFERENCES procrastinate_jobs ON DELETE CASCADE,
    type procrastinate_job_event_type,
    at timestamp with time zone DEFAULT NOW() NULL
);

-- Constraints & Indices

-- this prevents from having several jobs with the same queueing lock in the "todo" state
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON procrastinate_jobs (queueing_lock) WHERE status = 'todo';
-- this prevents from having several jobs with the same lock in the "doing" state
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON procrastinate_jobs (lock) WHERE status = 'doing';

-- Index for select_stalled_jobs_by_heartbeat query
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON procrastinate_jobs(worker_id) WHERE worker_id IS NOT NULL AND status = 'doing'::procrastinate_job_status;

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON procrastinate_jobs(queue_name);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON procrastinate_jobs (id, lock) WHERE status = ANY (ARRAY['todo'::procrastinate_job_status, 'doing'::procrastinate_job_status]);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON procrastinate_jobs(priority desc, id asc) WHERE (status = 'todo'::procrastinate_job_status);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON procrastinate_events(job_id);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON procrastinate_periodic_defers(job_id);

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON procrastinate_workers(last_heartbeat);

-- Functions
CREATE FUNCTION procrastinate_defer_jobs_v1(
    jobs procrastinate_job_to_defer_v1[]
)
    RETURNS bigint[]
    LANGUAGE plpgsql
AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION procrastinate_defer_periodic_job_v2(
    _queue_name character varying,
    _lock character varying,
    _queueing_lock character varying,
    _task_name character varying,
    _priority integer,
    _periodic_id character varying,
    _defer_timestamp bigint,
    _args jsonb
)
    RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE FUNCTION procrastinate_fetch_job_v2(
    target_queue_names character varying[],
    p_worker_id bigint
)
    RETURNS procrastinate_jobs
    LANGUAGE plpgsql
AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION procrastinate_finish_job_v1(job_id bigint, end_status procrastinate_job_status, delete_job boolean)
    RETURNS void
    LANGUAGE plpgsql
AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean)
    RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION procrastinate_retry_job_v1(
    job_id bigint,
    retry_at timestamp with time zone,
    new_priority integer,
    new_queue_name character varying,
    new_lock character varying
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION procrastinate_retry_job_v2(
    job_id bigint,
    retry_at timestamp with time zone,
    new_priority integer,
    new_queue_name character varying,
    new_lock character varying
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION procrastinate_notify_queue_job_inserted_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_notify_queue_abort_job_v1()
RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_function_status_events_insert_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_function_status_events_update_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_function_scheduled_events_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_abort_requested_events_procedure_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_unlink_periodic_defers_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION procrastinate_register_worker_v1()
    RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION procrastinate_unregister_worker_v1(worker_id bigint)
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION procrastinate_update_heartbeat_v1(worker_id bigint)
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat float)
    RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

-- Triggers

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1
    AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1
    AFTER UPDATE OF abort_requested ON procrastinate_jobs
    FOR EACH ROW WHEN ((old.abort_requested = false AND new.abort_requested = true AND new.status = 'doing'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1
    AFTER UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW
    EXECUTE PROCEDURE procrastinate_trigger_function_status_events_update_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1
    AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1
    AFTER UPDATE OR INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.scheduled_at IS NOT NULL AND new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1
    AFTER UPDATE OF abort_requested ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.abort_requested = true))
    EXECUTE PROCEDURE procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1
    BEFORE DELETE ON procrastinate_jobs
    FOR EACH ROW EXECUTE PROCEDURE procrastinate_unlink_periodic_defers_v1();
"""

SQL_0 = """
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
"""

SQL_1 = """
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
"""

SQL_2 = """
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
"""

SQL_3 = """
-- Jobs as staff see them: the queue's rows, when they moved, and why the last try failed.
create index ix_procrastinate_jobs_args on procrastinate_jobs using gin (args jsonb_path_ops);
create index ix_procrastinate_jobs_dead on procrastinate_jobs (id) where status = 'failed';
create index ix_procrastinate_jobs_task_name on procrastinate_jobs (task_name, id);

create view job_rows as
select
    job.id,
    job.task_name::text as name,
    case job.status
        when 'todo' then 'waiting'
        when 'doing' then 'running'
        when 'succeeded' then 'done'
        when 'failed' then 'dead'
        else 'cancelled'
    end as state,
    job.status,
    job.queue_name::text as queue,
    job.args,
    job.attempts,
    failure.message as error,
    job.scheduled_at,
    moved.created_at,
    moved.started_at,
    case when job.status in ('todo', 'doing') then null else moved.finished_at end as finished_at
from procrastinate_jobs job
left join lateral (
    select
        min(event.at) filter (where event.type = 'deferred') as created_at,
        max(event.at) filter (where event.type = 'started') as started_at,
        max(event.at) filter (
            where event.type in ('succeeded', 'failed', 'cancelled', 'aborted')
        ) as finished_at
    from procrastinate_events event
    where event.job_id = job.id
) moved on true
left join lateral (
    select last.message
    from job_failures last
    where last.job_id = job.id
    order by last.id desc
    limit 1
) failure on true;
"""


def upgrade() -> None:
    op.execute(QUEUE)
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('active', 'suspended')", name=op.f("ck_accounts_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "addons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity_max", sa.Integer(), nullable=False),
        sa.Column(
            "plan_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('ipv4', 'traffic', 'backup', 'other')", name=op.f("ck_addons_kind")
        ),
        sa.CheckConstraint("quantity_max between 1 and 1000", name=op.f("ck_addons_quantity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addons")),
        sa.UniqueConstraint("slug", name=op.f("uq_addons_slug")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        op.f("ix_audit_entries_account_id_id"), "audit_entries", ["account_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entries_actor_id_id"), "audit_entries", ["actor_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entries_subject_id_id"), "audit_entries", ["subject_id", "id"], unique=False
    )
    op.create_table(
        "bulk_works",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("hold", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(hold is not null) = (verb in ('suspend', 'resume'))", name=op.f("ck_bulk_works_hold")
        ),
        sa.CheckConstraint(
            "verb in ('start', 'restart', 'shutdown', 'poweroff', 'suspend', 'resume')",
            name=op.f("ck_bulk_works_verb"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_works")),
    )
    op.create_table(
        "check_looks",
        sa.Column("check_name", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("check_name", name=op.f("pk_check_looks")),
    )
    op.create_table(
        "clock_turns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (ended_at is not null)", name=op.f("ck_clock_turns_ended")
        ),
        sa.CheckConstraint("state in ('running', 'done')", name=op.f("ck_clock_turns_state")),
        sa.CheckConstraint(
            "from_at <= reached_at and reached_at <= to_at", name=op.f("ck_clock_turns_reached")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_turns")),
    )
    op.create_index(
        "uq_clock_turns_running",
        "clock_turns",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "coupons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column(
            "amounts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("periods", sa.Integer(), nullable=True),
        sa.Column("first_order_only", sa.Boolean(), nullable=False),
        sa.Column("covers_setup", sa.Boolean(), nullable=False),
        sa.Column(
            "plan_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column(
            "cycles",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redemptions_max", sa.Integer(), nullable=True),
        sa.Column("per_account_max", sa.Integer(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'percentage') = (percent is not null)", name=op.f("ck_coupons_percent_of_kind")
        ),
        sa.CheckConstraint("code = upper(code) and code <> ''", name=op.f("ck_coupons_code")),
        sa.CheckConstraint("kind in ('percentage', 'fixed')", name=op.f("ck_coupons_kind")),
        sa.CheckConstraint(
            "percent is null or percent > 0 and percent <= 100", name=op.f("ck_coupons_percent")
        ),
        sa.CheckConstraint("periods is null or periods > 0", name=op.f("ck_coupons_periods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )
    op.create_table(
        "ledger_proofs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("books", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_proofs")),
    )
    op.create_table(
        "metric_pace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_metric_pace_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_pace")),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "panel_hooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_ref", sa.String(length=80), nullable=False),
        sa.Column("created", sa.String(length=60), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("server_ref", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_hooks")),
        sa.UniqueConstraint("event_ref", "created", name=op.f("uq_panel_hooks_event_ref_created")),
    )
    op.create_index(
        op.f("ix_panel_hooks_received_at"), "panel_hooks", ["received_at"], unique=False
    )
    op.create_table(
        "panel_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("known", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("read_to", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('reading', 'stopped', 'ready')", name=op.f("ck_panel_imports_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_imports")),
    )
    op.create_index(
        "uq_panel_imports_reading",
        "panel_imports",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'reading'"),
    )
    op.create_table(
        "panels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("synchronised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
        sa.UniqueConstraint("name", name=op.f("uq_panels_name")),
    )
    op.create_table(
        "rate_windows",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_windows")),
    )
    op.create_index(op.f("ix_rate_windows_closes_at"), "rate_windows", ["closes_at"], unique=False)
    op.create_table(
        "renewal_policies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_policies")),
        sa.UniqueConstraint("name", name=op.f("uq_renewal_policies_name")),
    )
    op.create_index(
        "uq_renewal_policies_default",
        "renewal_policies",
        ["default"],
        unique=True,
        postgresql_where=sa.text('"default"'),
    )
    op.create_table(
        "run_gates",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("needed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("approved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_run_gates_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_gates")),
    )
    op.create_table(
        "settings",
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("section", name=op.f("pk_settings")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "state_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("state_before", sa.String(length=40), nullable=False),
        sa.Column("state_after", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_changes")),
    )
    op.create_index(
        op.f("ix_state_changes_subject_id_id"), "state_changes", ["subject_id", "id"], unique=False
    )
    op.create_table(
        "tax_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("customer_kind", sa.String(length=10), nullable=False),
        sa.Column("rate", sa.Numeric(precision=6, scale=5), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "customer_kind in ('any', 'consumer', 'business')",
            name=op.f("ck_tax_rules_customer_kind"),
        ),
        sa.CheckConstraint(
            "ends_on is null or ends_on >= starts_on", name=op.f("ck_tax_rules_days")
        ),
        sa.CheckConstraint("rate between 0 and 1", name=op.f("ck_tax_rules_rate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rules")),
        sa.UniqueConstraint(
            "country",
            "state",
            "customer_kind",
            "starts_on",
            name=op.f("uq_tax_rules_country_state_customer_kind_starts_on"),
        ),
    )
    op.create_table(
        "turned_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.Interval(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_turned_clock_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turned_clock")),
    )
    op.create_table(
        "unmatched_paypal_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_ref", sa.String(length=40), nullable=False),
        sa.Column("related_ref", sa.String(length=40), nullable=True),
        sa.Column("event_code", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("invoice_ref", sa.String(length=127), nullable=True),
        sa.Column("custom_id", sa.String(length=127), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'matched', 'dismissed')",
            name=op.f("ck_unmatched_paypal_transactions_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_paypal_transactions")),
        sa.UniqueConstraint(
            "transaction_ref", name=op.f("uq_unmatched_paypal_transactions_transaction_ref")
        ),
    )
    op.create_index(
        op.f("ix_unmatched_paypal_transactions_state_id"),
        "unmatched_paypal_transactions",
        ["state", "id"],
        unique=False,
    )
    op.create_table(
        "used_sign_ins",
        sa.Column("jti_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti_hash", name=op.f("pk_used_sign_ins")),
    )
    op.create_index(
        op.f("ix_used_sign_ins_expires_at"), "used_sign_ins", ["expires_at"], unique=False
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('active', 'suspended')", name=op.f("ck_users_state")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "vendor_gates",
        sa.Column("vendor", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limited_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("vendor", name=op.f("pk_vendor_gates")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "account_terms",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("exempt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("promise_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_terms_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_terms")),
    )
    op.create_table(
        "addon_prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("addon_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cycle in ('hourly', 'monthly', 'quarterly', 'half_yearly', 'yearly')",
            name=op.f("ck_addon_prices_cycle"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_addon_prices_amount")),
        sa.ForeignKeyConstraint(["addon_id"], ["addons.id"], name=op.f("fk_addon_prices_addon_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addon_prices")),
    )
    op.create_index(op.f("ix_addon_prices_addon_id"), "addon_prices", ["addon_id"], unique=False)
    op.create_index(
        "uq_addon_prices_current",
        "addon_prices",
        ["addon_id", "currency", "cycle"],
        unique=True,
        postgresql_where=sa.text("until_at is null"),
    )
    op.create_table(
        "alert_defaults",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("threshold", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind in ('cpu', 'memory', 'filesystem', 'traffic', 'down')",
            name=op.f("ck_alert_defaults_kind"),
        ),
        sa.CheckConstraint(
            "threshold between 1 and 100 and minutes between 0 and 120",
            name=op.f("ck_alert_defaults_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_alert_defaults_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_alert_defaults")),
    )
    op.create_table(
        "auto_top_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("threshold_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("month_max_minor", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_minor > 0 and threshold_minor > 0", name=op.f("ck_auto_top_ups_amounts")
        ),
        sa.CheckConstraint(
            "month_max_minor >= amount_minor", name=op.f("ck_auto_top_ups_month_max")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_auto_top_ups_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auto_top_ups")),
        sa.UniqueConstraint("account_id", name=op.f("uq_auto_top_ups_account_id")),
    )
    op.create_index(
        "ix_auto_top_ups_next_try_at",
        "auto_top_ups",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("enabled"),
    )
    op.create_table(
        "books",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("floor_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind in ('prepaid_usage', 'promotional', 'receivable', 'wallet')) = (account_id is not null)",
            name=op.f("ck_books_owner"),
        ),
        sa.CheckConstraint(
            "kind in ('wallet', 'receivable', 'promotional', 'prepaid_usage', 'paypal_clearing', 'paypal_fees', 'bank_clearing', 'in_transit', 'disputed', 'chargebacks', 'promotions', 'revenue', 'tax', 'write_off')",
            name=op.f("ck_books_kind"),
        ),
        sa.CheckConstraint("balance_minor >= floor_minor", name=op.f("ck_books_floor")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_books_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books")),
        sa.UniqueConstraint(
            "kind", "currency", "account_id", name="uq_books", postgresql_nulls_not_distinct=True
        ),
    )
    op.create_index(op.f("ix_books_account_id"), "books", ["account_id"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose = 'verify' or password_hash is null", name=op.f("ck_confirmations_password")
        ),
        sa.CheckConstraint(
            "purpose in ('verify', 'reset', 'email')", name=op.f("ck_confirmations_purpose")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_confirmations_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    op.create_index(
        op.f("ix_confirmations_expires_at"), "confirmations", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_confirmations_user_id_purpose_id"),
        "confirmations",
        ["user_id", "purpose", "id"],
        unique=False,
    )
    op.create_table(
        "credits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("left_minor", sa.BigInteger(), nullable=False),
        sa.Column("expired_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_credits_amount")),
        sa.CheckConstraint(
            "left_minor + expired_minor <= amount_minor", name=op.f("ck_credits_spent")
        ),
        sa.CheckConstraint("left_minor >= 0 and expired_minor >= 0", name=op.f("ck_credits_left")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_credits_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits")),
    )
    op.create_index(op.f("ix_credits_account_id_id"), "credits", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_credits_expires_on",
        "credits",
        ["expires_on"],
        unique=False,
        postgresql_where=sa.text("left_minor > 0"),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("check_name", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("repair", sa.String(length=20), nullable=True),
        sa.Column("repair_state", sa.String(length=10), nullable=True),
        sa.Column("repair_note", sa.String(length=400), nullable=True),
        sa.Column("repair_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("area in ('invariant', 'panel')", name=op.f("ck_findings_area")),
        sa.CheckConstraint(
            "repair_state in ('asked', 'done', 'failed')", name=op.f("ck_findings_repair_state")
        ),
        sa.CheckConstraint(
            "(acknowledged_at is null) = (acknowledged_by is null)",
            name=op.f("ck_findings_acknowledged"),
        ),
        sa.CheckConstraint(
            "(repair is null) = (repair_state is null)", name=op.f("ck_findings_repair")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_findings_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_account_id"), "findings", ["account_id"], unique=False)
    op.create_index(op.f("ix_findings_area_id"), "findings", ["area", "id"], unique=False)
    op.create_index(
        op.f("ix_findings_check_name_closed_at"),
        "findings",
        ["check_name", "closed_at"],
        unique=False,
    )
    op.create_index(op.f("ix_findings_digest_id"), "findings", ["digest_id"], unique=False)
    op.create_index(
        "uq_findings_open",
        "findings",
        ["check_name", "subject_kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "identity_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_identity_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_links")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_identity_links_provider_subject")),
    )
    op.create_index(op.f("ix_identity_links_user_id"), "identity_links", ["user_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('owner', 'admin', 'billing', 'technical', 'read_only')",
            name=op.f("ck_invitations_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(
        op.f("ix_invitations_account_id_id"), "invitations", ["account_id", "id"], unique=False
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("becomes", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("proforma_number", sa.String(length=40), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("credited_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("buyer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seller", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("order_ref", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tax_note", sa.String(length=400), server_default=sa.text("''"), nullable=False),
        sa.Column("void_reason", sa.String(length=400), nullable=True),
        sa.Column("credit_reason", sa.String(length=400), nullable=True),
        sa.Column("credits_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (credit_reason is not null)",
            name=op.f("ck_invoices_credit_reason"),
        ),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (credits_id is not null)", name=op.f("ck_invoices_credits")
        ),
        sa.CheckConstraint(
            "(kind = 'proforma') = (number is not distinct from proforma_number)",
            name=op.f("ck_invoices_numbered"),
        ),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_at is not null)", name=op.f("ck_invoices_paid_at")
        ),
        sa.CheckConstraint(
            "kind <> 'credit_note' or state in ('draft', 'issued')",
            name=op.f("ck_invoices_credit_state"),
        ),
        sa.CheckConstraint(
            "kind in ('proforma', 'tax', 'receipt', 'credit_note')", name=op.f("ck_invoices_kind")
        ),
        sa.CheckConstraint(
            "state <> 'issued' or kind = 'credit_note'", name=op.f("ck_invoices_issued")
        ),
        sa.CheckConstraint(
            "state <> 'paid' or paid_minor + credited_minor >= total_minor",
            name=op.f("ck_invoices_paid_whole"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'open', 'paid', 'void', 'uncollectible', 'issued')",
            name=op.f("ck_invoices_state"),
        ),
        sa.CheckConstraint(
            "credited_minor between 0 and total_minor", name=op.f("ck_invoices_credited")
        ),
        sa.CheckConstraint("paid_minor between 0 and total_minor", name=op.f("ck_invoices_paid")),
        sa.CheckConstraint("total_minor = net_minor + tax_minor", name=op.f("ck_invoices_total")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invoices_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["invoices.id"], name=op.f("fk_invoices_credits_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("proforma_number", name=op.f("uq_invoices_proforma_number")),
    )
    op.create_index(
        op.f("ix_invoices_account_id_id"), "invoices", ["account_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_invoices_account_id_state_id"),
        "invoices",
        ["account_id", "state", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_invoices_credits_id"), "invoices", ["credits_id"], unique=False)
    op.create_index(op.f("ix_invoices_kind_id"), "invoices", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_invoices_order_ref"), "invoices", ["order_ref"], unique=False)
    op.create_index(op.f("ix_invoices_state_id"), "invoices", ["state", "id"], unique=False)
    op.create_table(
        "job_failures",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["procrastinate_jobs.id"],
            name=op.f("fk_job_failures_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_failures")),
    )
    op.create_index(
        op.f("ix_job_failures_job_id_id"), "job_failures", ["job_id", "id"], unique=False
    )
    op.create_table(
        "mail_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=600), nullable=True),
        sa.Column("provider_ref", sa.String(length=300), nullable=True),
        sa.Column("args", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at is not null)",
            name=op.f("ck_mail_messages_accepted_at"),
        ),
        sa.CheckConstraint(
            "state in ('queued', 'sending', 'accepted', 'deferred', 'refused', 'withdrawn')",
            name=op.f("ck_mail_messages_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mail_messages_account_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_messages_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_messages_key")),
    )
    op.create_index(
        op.f("ix_mail_messages_account_id_id"), "mail_messages", ["account_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_mail_messages_state_id"), "mail_messages", ["state", "id"], unique=False
    )
    op.create_index(op.f("ix_mail_messages_user_id"), "mail_messages", ["user_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role in ('owner', 'admin', 'billing', 'technical', 'read_only')",
            name=op.f("ck_members_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_members_account_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_members_user_id")),
        sa.PrimaryKeyConstraint("account_id", "user_id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_user_id"), "members", ["user_id"], unique=False)
    op.create_table(
        "panel_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_panel_groups_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_groups")),
        sa.UniqueConstraint(
            "panel_id", "virtfusion_ref", name=op.f("uq_panel_groups_panel_id_virtfusion_ref")
        ),
    )
    op.create_table(
        "panel_packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("vcpu", sa.Integer(), nullable=False),
        sa.Column("memory_mib", sa.Integer(), nullable=False),
        sa.Column("disk_gib", sa.Integer(), nullable=False),
        sa.Column("traffic_gb", sa.Integer(), nullable=False),
        sa.Column("port_mbps", sa.Integer(), nullable=False),
        sa.Column("storage_type", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels.id"], name=op.f("fk_panel_packages_panel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_packages")),
        sa.UniqueConstraint(
            "panel_id", "virtfusion_ref", name=op.f("uq_panel_packages_panel_id_virtfusion_ref")
        ),
    )
    op.create_table(
        "panel_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("variant", sa.String(length=100), nullable=False),
        sa.Column("icon", sa.String(length=100), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("eol_on", sa.Date(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panels.id"], name=op.f("fk_panel_templates_panel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_templates")),
        sa.UniqueConstraint(
            "panel_id", "virtfusion_ref", name=op.f("uq_panel_templates_panel_id_virtfusion_ref")
        ),
    )
    op.create_table(
        "profiles",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(length=160), nullable=True),
        sa.Column("line1", sa.String(length=160), nullable=True),
        sa.Column("line2", sa.String(length=160), nullable=True),
        sa.Column("postal_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=120), nullable=True),
        sa.Column("country", sa.CHAR(length=2), nullable=True),
        sa.Column("tax_number", sa.String(length=32), nullable=True),
        sa.Column(
            "kind", sa.String(length=10), server_default=sa.text("'consumer'"), nullable=False
        ),
        sa.Column(
            "tax_number_state",
            sa.String(length=14),
            server_default=sa.text("'none'"),
            nullable=False,
        ),
        sa.Column("tax_number_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tax_number_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('consumer', 'business')", name=op.f("ck_profiles_kind")),
        sa.CheckConstraint(
            "tax_number_state in ('none', 'unchecked', 'valid', 'invalid', 'not_checkable')",
            name=op.f("ck_profiles_tax_number_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_profiles_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_profiles")),
    )
    op.create_index(
        op.f("ix_profiles_tax_number_tried_at"),
        "profiles",
        ["tax_number_tried_at"],
        unique=False,
        postgresql_where=sa.text("tax_number_state in ('unchecked', 'valid', 'invalid')"),
    )
    op.create_table(
        "saved_methods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("method_ref", sa.String(length=255), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.String(length=600), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'active') = (ended_at is null)", name=op.f("ck_saved_methods_ended_at")
        ),
        sa.CheckConstraint(
            "state = 'active' or not preferred", name=op.f("ck_saved_methods_preferred")
        ),
        sa.CheckConstraint(
            "state in ('active', 'removed', 'lost')", name=op.f("ck_saved_methods_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_methods_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_methods")),
        sa.UniqueConstraint(
            "gateway", "method_ref", name=op.f("uq_saved_methods_gateway_method_ref")
        ),
    )
    op.create_index(
        op.f("ix_saved_methods_account_id_id"), "saved_methods", ["account_id", "id"], unique=False
    )
    op.create_index(
        "uq_saved_methods_preferred",
        "saved_methods",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("remembered", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(kind = 'browser') = (token_hash is not null)", name=op.f("ck_sessions_token_hash")
        ),
        sa.CheckConstraint("kind in ('browser', 'token')", name=op.f("ck_sessions_kind")),
        sa.CheckConstraint(
            "(ended_at is null) = (end_reason is null)", name=op.f("ck_sessions_ended")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id_id"), "sessions", ["user_id", "id"], unique=False)
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.String(length=60), nullable=False),
        sa.Column("to_path", sa.String(length=300), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_attempts_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_sign_in_attempts_state_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_expires_at"), "sign_in_attempts", ["expires_at"], unique=False
    )
    op.create_table(
        "ssh_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=60), nullable=False),
        sa.Column("public_key", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_ssh_keys_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssh_keys")),
        sa.UniqueConstraint(
            "account_id", "fingerprint", name=op.f("uq_ssh_keys_account_id_fingerprint")
        ),
    )
    op.create_table(
        "staff_members",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role in ('owner', 'engineer', 'billing', 'support')",
            name=op.f("ck_staff_members_role"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staff_members_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff_members")),
    )
    op.create_table(
        "statement_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_statement_documents_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_documents")),
    )
    op.create_index(
        op.f("ix_statement_documents_account_id"),
        "statement_documents",
        ["account_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_statement_documents_asked_at"), "statement_documents", ["asked_at"], unique=False
    )
    op.create_table(
        "tax_number_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("consultation_ref", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_tax_number_checks_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_number_checks")),
    )
    op.create_index(
        op.f("ix_tax_number_checks_account_id_id"),
        "tax_number_checks",
        ["account_id", "id"],
        unique=False,
    )
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_transfers_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("key", name=op.f("uq_transfers_key")),
    )
    op.create_index(op.f("ix_transfers_account_id"), "transfers", ["account_id"], unique=False)
    op.create_table(
        "usage_accounts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("low_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_usage_accounts_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_usage_accounts")),
    )
    op.create_index(
        "ix_usage_accounts_short",
        "usage_accounts",
        ["short_since"],
        unique=False,
        postgresql_where=sa.text("short_since is not null"),
    )
    op.create_table(
        "capacity_days",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("servers", sa.Integer(), nullable=False),
        sa.Column("memory_mib_used", sa.Integer(), nullable=False),
        sa.Column("memory_mib_left", sa.Integer(), nullable=True),
        sa.Column("vcpu_used", sa.Integer(), nullable=False),
        sa.Column("vcpu_left", sa.Integer(), nullable=True),
        sa.Column("stores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ipv4_left", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["panel_groups.id"], name=op.f("fk_capacity_days_group_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "read_on", name=op.f("pk_capacity_days")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("balance_after_minor", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_entries_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_entries_account_id")
        ),
        sa.ForeignKeyConstraint(["book_id"], ["books.id"], name=op.f("fk_entries_book_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_entries_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("transfer_id", "book_id", name=op.f("uq_entries_transfer_id_book_id")),
    )
    op.create_index(op.f("ix_entries_account_id_at"), "entries", ["account_id", "at"], unique=False)
    op.create_index(op.f("ix_entries_account_id_id"), "entries", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_entries_book_id_id"), "entries", ["book_id", "id"], unique=False)
    op.create_table(
        "images",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=True),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("default_user", sa.String(length=32), nullable=False),
        sa.Column("min_memory_mib", sa.Integer(), nullable=False),
        sa.Column("min_disk_gib", sa.Integer(), nullable=False),
        sa.Column("eol_on", sa.Date(), nullable=True),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["panel_templates.id"], name=op.f("fk_images_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        sa.UniqueConstraint("template_id", name=op.f("uq_images_template_id")),
    )
    op.create_table(
        "invoice_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invoice_documents_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_documents_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_documents")),
        sa.UniqueConstraint(
            "invoice_id", "kind", name=op.f("uq_invoice_documents_invoice_id_kind")
        ),
    )
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(length=600), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=6, scale=5), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_category", sa.String(length=2), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("credits_line_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "tax_category = 'S' or tax_rate = 0", name=op.f("ck_invoice_lines_category_rate")
        ),
        sa.CheckConstraint(
            "tax_category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')",
            name=op.f("ck_invoice_lines_category"),
        ),
        sa.CheckConstraint(
            "net_minor = unit_price_minor * quantity", name=op.f("ck_invoice_lines_net")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_invoice_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invoice_lines_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["credits_line_id"], ["invoice_lines.id"], name=op.f("fk_invoice_lines_credits_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_lines_invoice_id_position")
        ),
    )
    op.create_index(
        op.f("ix_invoice_lines_credits_line_id"), "invoice_lines", ["credits_line_id"], unique=False
    )
    op.create_table(
        "ledger_differences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("recorded_minor", sa.BigInteger(), nullable=False),
        sa.Column("rebuilt_minor", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["book_id"], ["books.id"], name=op.f("fk_ledger_differences_book_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_differences")),
    )
    op.create_index(
        "uq_ledger_differences_standing",
        "ledger_differences",
        ["book_id", "currency"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status = 'closed' or country ~ '^[A-Z]{2}$'", name=op.f("ck_locations_country")
        ),
        sa.CheckConstraint("status in ('open', 'closed')", name=op.f("ck_locations_status")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["panel_groups.id"], name=op.f("fk_locations_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("group_id", name=op.f("uq_locations_group_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_locations_slug")),
    )
    op.create_table(
        "package_templates",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["panel_packages.id"],
            name=op.f("fk_package_templates_package_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["panel_templates.id"],
            name=op.f("fk_package_templates_template_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("package_id", "template_id", name=op.f("pk_package_templates")),
    )
    op.create_index(
        op.f("ix_package_templates_template_id"), "package_templates", ["template_id"], unique=False
    )
    op.create_table(
        "panel_hosts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("servers_used", sa.Integer(), nullable=False),
        sa.Column("servers_most", sa.Integer(), nullable=True),
        sa.Column("memory_mib_used", sa.Integer(), nullable=False),
        sa.Column("memory_mib_most", sa.Integer(), nullable=True),
        sa.Column("vcpu_used", sa.Integer(), nullable=False),
        sa.Column("vcpu_most", sa.Integer(), nullable=True),
        sa.Column("stores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["panel_groups.id"], name=op.f("fk_panel_hosts_group_id")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_panel_hosts_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_hosts")),
        sa.UniqueConstraint(
            "panel_id", "virtfusion_ref", name=op.f("uq_panel_hosts_panel_id_virtfusion_ref")
        ),
    )
    op.create_index(op.f("ix_panel_hosts_group_id"), "panel_hosts", ["group_id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("taken_minor", sa.BigInteger(), nullable=True),
        sa.Column("wallet_minor", sa.BigInteger(), nullable=False),
        sa.Column("promotional_minor", sa.BigInteger(), nullable=False),
        sa.Column("to_wallet_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=True),
        sa.Column("method_id", sa.Uuid(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("save_method", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("approve_url", sa.String(length=2000), nullable=True),
        sa.Column("gateway_ref", sa.String(length=80), nullable=True),
        sa.Column("capture_ref", sa.String(length=80), nullable=True),
        sa.Column("declines", sa.Integer(), nullable=False),
        sa.Column("decline_code", sa.String(length=80), nullable=True),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("attention", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at is not null)", name=op.f("ck_payments_settled_at")
        ),
        sa.CheckConstraint(
            "gateway in ('paypal', 'bank', 'wallet')", name=op.f("ck_payments_gateway")
        ),
        sa.CheckConstraint(
            "state in ('creating', 'awaiting_approval', 'awaiting_transfer', 'capturing', 'pending', 'settled', 'declined', 'failed', 'expired', 'cancelled')",
            name=op.f("ck_payments_state"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint(
            "refunded_minor between 0 and coalesce(taken_minor, 0)",
            name=op.f("ck_payments_refunded"),
        ),
        sa.CheckConstraint(
            "returned_minor >= 0 and refunded_minor + returned_minor <= coalesce(taken_minor, 0) + wallet_minor - promotional_minor",
            name=op.f("ck_payments_returned"),
        ),
        sa.CheckConstraint(
            "wallet_minor >= 0 and promotional_minor >= 0", name=op.f("ck_payments_wallet")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_payments_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["method_id"], ["saved_methods.id"], name=op.f("fk_payments_method_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("gateway", "capture_ref", name=op.f("uq_payments_gateway_capture_ref")),
        sa.UniqueConstraint("gateway", "gateway_ref", name=op.f("uq_payments_gateway_gateway_ref")),
        sa.UniqueConstraint("invoice_id", "attempt", name=op.f("uq_payments_invoice_id_attempt")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    op.create_index(
        op.f("ix_payments_account_id_id"), "payments", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_payments_ask_at",
        "payments",
        ["ask_at"],
        unique=False,
        postgresql_where=sa.text("ask_at is not null"),
    )
    op.create_index(op.f("ix_payments_state_id"), "payments", ["state", "id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("trial_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("trial_days between 0 and 365", name=op.f("ck_plans_trial_days")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["panel_packages.id"], name=op.f("fk_plans_package_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("slug", name=op.f("uq_plans_slug")),
    )
    op.create_index(op.f("ix_plans_package_id"), "plans", ["package_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_refresh_tokens_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False
    )
    op.create_table(
        "plan_locations",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_plan_locations_location_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_locations_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "location_id", name=op.f("pk_plan_locations")),
    )
    op.create_index(
        op.f("ix_plan_locations_location_id"), "plan_locations", ["location_id"], unique=False
    )
    op.create_table(
        "plan_policies",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_policies_plan_id")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["renewal_policies.id"], name=op.f("fk_plan_policies_policy_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_policies")),
    )
    op.create_table(
        "plan_prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("setup_minor", sa.BigInteger(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cycle in ('hourly', 'monthly', 'quarterly', 'half_yearly', 'yearly')",
            name=op.f("ck_plan_prices_cycle"),
        ),
        sa.CheckConstraint("amount >= 0 and setup_minor >= 0", name=op.f("ck_plan_prices_amount")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_prices_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_prices")),
    )
    op.create_index(op.f("ix_plan_prices_plan_id"), "plan_prices", ["plan_id"], unique=False)
    op.create_index(
        "uq_plan_prices_current",
        "plan_prices",
        ["plan_id", "currency", "cycle"],
        unique=True,
        postgresql_where=sa.text("until_at is null"),
    )
    op.create_table(
        "price_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("setup_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("policy", sa.String(length=4), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cycle in ('hourly', 'monthly', 'quarterly', 'half_yearly', 'yearly')",
            name=op.f("ck_price_changes_cycle"),
        ),
        sa.CheckConstraint("policy in ('keep', 'move')", name=op.f("ck_price_changes_policy")),
        sa.CheckConstraint(
            "state in ('announced', 'applied', 'cancelled')", name=op.f("ck_price_changes_state")
        ),
        sa.CheckConstraint(
            "amount >= 0 and setup_minor >= 0 and notice_days >= 0",
            name=op.f("ck_price_changes_amount"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_price_changes_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_changes")),
    )
    op.create_index(
        op.f("ix_price_changes_effective_on"),
        "price_changes",
        ["effective_on"],
        unique=False,
        postgresql_where=sa.text("state = 'announced'"),
    )
    op.create_index(op.f("ix_price_changes_plan_id"), "price_changes", ["plan_id"], unique=False)
    op.create_index(
        "uq_price_changes_day",
        "price_changes",
        ["plan_id", "currency", "cycle", "effective_on"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "price_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "cycle in ('hourly', 'monthly', 'quarterly', 'half_yearly', 'yearly')",
            name=op.f("ck_price_overrides_cycle"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_price_overrides_amount")),
        sa.CheckConstraint(
            "ends_on is null or ends_on >= starts_on", name=op.f("ck_price_overrides_days")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_price_overrides_account_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_price_overrides_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_overrides")),
    )
    op.create_index(
        op.f("ix_price_overrides_account_id_plan_id"),
        "price_overrides",
        ["account_id", "plan_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_price_overrides_plan_id"), "price_overrides", ["plan_id"], unique=False
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("credited_minor", sa.BigInteger(), nullable=False),
        sa.Column("from_wallet_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.Column("refund_ref", sa.String(length=80), nullable=True),
        sa.Column("credit_note_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at is not null)", name=op.f("ck_refunds_done_at")
        ),
        sa.CheckConstraint(
            "destination in ('payment', 'wallet')", name=op.f("ck_refunds_destination")
        ),
        sa.CheckConstraint(
            "state in ('asked', 'pending', 'failed', 'done')", name=op.f("ck_refunds_state")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint(
            "credited_minor + from_wallet_minor <= amount_minor", name=op.f("ck_refunds_parts")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_refunds_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["invoices.id"], name=op.f("fk_refunds_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("refund_ref", name=op.f("uq_refunds_refund_ref")),
    )
    op.create_index(op.f("ix_refunds_account_id_id"), "refunds", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_refunds_ask_at",
        "refunds",
        ["ask_at"],
        unique=False,
        postgresql_where=sa.text("ask_at is not null"),
    )
    op.create_index(op.f("ix_refunds_payment_id_id"), "refunds", ["payment_id", "id"], unique=False)
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_exact", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("priced_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("trial_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("shift_months", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("period_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("period_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("period_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column(
            "holds",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancels_on", sa.Date(), nullable=True),
        sa.Column("wished_end", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("terminated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'active' or (period_starts_at < period_ends_at and renews_on is not null)",
            name=op.f("ck_services_period"),
        ),
        sa.CheckConstraint(
            "state in ('pending', 'active', 'suspended', 'terminated', 'erased', 'cancelled')",
            name=op.f("ck_services_state"),
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_services_price")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_services_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_services_location_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_services_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_index(
        op.f("ix_services_account_id_id"), "services", ["account_id", "id"], unique=False
    )
    op.create_index(op.f("ix_services_plan_id"), "services", ["plan_id"], unique=False)
    op.create_index(
        op.f("ix_services_renews_on"),
        "services",
        ["renews_on"],
        unique=False,
        postgresql_where=sa.text("state in ('active', 'suspended')"),
    )
    op.create_index(
        "uq_services_one_trial",
        "services",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("trial_days > 0 and state <> 'cancelled'"),
    )
    op.create_table(
        "stock_levels",
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("hosts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("free_ipv4", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_stock_levels_location_id")
        ),
        sa.PrimaryKeyConstraint("location_id", name=op.f("pk_stock_levels")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("event_ref", sa.String(length=120), nullable=False),
        sa.Column("event_type", sa.String(length=80), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'parked')", name=op.f("ck_webhooks_state")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_webhooks_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("provider", "event_ref", name=op.f("uq_webhooks_provider_event_ref")),
    )
    op.create_index(op.f("ix_webhooks_state_id"), "webhooks", ["state", "id"], unique=False)
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("dispute_ref", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("held_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("said", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("reversal_id", sa.Uuid(), nullable=True),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('open', 'won', 'lost')", name=op.f("ck_disputes_state")),
        sa.CheckConstraint("held_minor >= 0", name=op.f("ck_disputes_held")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_disputes_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_id"], ["refunds.id"], name=op.f("fk_disputes_reversal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("gateway", "dispute_ref", name=op.f("uq_disputes_gateway_dispute_ref")),
    )
    op.create_index(
        op.f("ix_disputes_account_id_id"), "disputes", ["account_id", "id"], unique=False
    )
    op.create_index(op.f("ix_disputes_payment_id"), "disputes", ["payment_id"], unique=False)
    op.create_index(op.f("ix_disputes_state_id"), "disputes", ["state", "id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False, start=1001), nullable=False),
        sa.Column("kind", sa.String(length=8), server_default=sa.text("'bought'"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("price_version", sa.Uuid(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("location", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("image", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hostname", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("ssh_keys", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("password_login", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("setup_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("coupon_code", sa.String(length=40), nullable=True),
        sa.Column(
            "addons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("trial_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refund_to", sa.String(length=8), nullable=True),
        sa.Column("close_reason", sa.String(length=400), nullable=True),
        sa.Column("failure", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('bought', 'adopted')", name=op.f("ck_orders_kind")),
        sa.CheckConstraint("refund_to in ('payment', 'wallet')", name=op.f("ck_orders_refund_to")),
        sa.CheckConstraint(
            "state in ('awaiting_payment', 'paid', 'active', 'failed', 'cancelled', 'expired', 'closing', 'refunded')",
            name=op.f("ck_orders_state"),
        ),
        sa.CheckConstraint(
            "state not in ('closing', 'refunded') or (refund_to is not null and close_reason is not null)",
            name=op.f("ck_orders_closed"),
        ),
        sa.CheckConstraint(
            "state not in ('paid', 'active', 'failed') or paid_at is not null",
            name=op.f("ck_orders_paid_at"),
        ),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_orders_account_id")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_orders_image_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_orders_invoice_id")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_orders_location_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_orders_plan_id")),
        sa.ForeignKeyConstraint(
            ["price_version"], ["plan_prices.id"], name=op.f("fk_orders_price_version")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_orders_service_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_orders_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_orders_invoice_id")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
        sa.UniqueConstraint("service_id", name=op.f("uq_orders_service_id")),
    )
    op.create_index(op.f("ix_orders_account_id_id"), "orders", ["account_id", "id"], unique=False)
    op.create_index(
        op.f("ix_orders_expires_at"),
        "orders",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_table(
        "paypal_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("product_ref", sa.String(length=60), nullable=True),
        sa.Column("plan_ref", sa.String(length=60), nullable=True),
        sa.Column("subscription_ref", sa.String(length=60), nullable=True),
        sa.Column("approve_url", sa.String(length=2000), nullable=True),
        sa.Column("wish", sa.String(length=20), nullable=True),
        sa.Column("wished_minor", sa.BigInteger(), nullable=True),
        sa.Column("revisions", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("next_bill_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('creating', 'awaiting_approval', 'active', 'suspended', 'cancelled', 'expired', 'failed')",
            name=op.f("ck_paypal_subscriptions_state"),
        ),
        sa.CheckConstraint(
            "wish in ('suspend', 'cancel', 'activate', 'revise')",
            name=op.f("ck_paypal_subscriptions_wish"),
        ),
        sa.CheckConstraint(
            "amount_minor > 0 and months > 0", name=op.f("ck_paypal_subscriptions_amount")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_paypal_subscriptions_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_paypal_subscriptions_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paypal_subscriptions")),
        sa.UniqueConstraint(
            "subscription_ref", name=op.f("uq_paypal_subscriptions_subscription_ref")
        ),
    )
    op.create_index(
        op.f("ix_paypal_subscriptions_account_id_id"),
        "paypal_subscriptions",
        ["account_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_paypal_subscriptions_ask_at",
        "paypal_subscriptions",
        ["ask_at"],
        unique=False,
        postgresql_where=sa.text("ask_at is not null"),
    )
    op.create_index(
        "uq_paypal_subscriptions_live",
        "paypal_subscriptions",
        ["service_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "plan_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("timing", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("plan_before_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cycle_before", sa.String(length=12), nullable=True),
        sa.Column("cycle", sa.String(length=12), nullable=True),
        sa.Column(
            "addons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("name_before", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_exact", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("priced_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=False),
        sa.Column("days_whole", sa.Integer(), nullable=False),
        sa.Column("credit_net_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("charge_net_minor", sa.BigInteger(), nullable=False),
        sa.Column("charge_tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("charge_rate", sa.Numeric(precision=6, scale=5), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column(
            "notes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("restarts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(state in ('applying', 'failed', 'done')) = (applied_at is not null)",
            name=op.f("ck_plan_changes_applied"),
        ),
        sa.CheckConstraint(
            "cycle is null or timing = 'renewal'", name=op.f("ck_plan_changes_cycle_timing")
        ),
        sa.CheckConstraint(
            "state <> 'awaiting_payment' or invoice_id is not null",
            name=op.f("ck_plan_changes_invoice"),
        ),
        sa.CheckConstraint(
            "state in ('asked', 'awaiting_payment', 'scheduled', 'applying', 'failed', 'done', 'cancelled', 'expired')",
            name=op.f("ck_plan_changes_state"),
        ),
        sa.CheckConstraint("timing in ('now', 'renewal')", name=op.f("ck_plan_changes_timing")),
        sa.CheckConstraint(
            "(cycle is null) = (cycle_before is null)", name=op.f("ck_plan_changes_cycles")
        ),
        sa.CheckConstraint("cycle <> cycle_before", name=op.f("ck_plan_changes_cycle")),
        sa.CheckConstraint("days_left between 0 and days_whole", name=op.f("ck_plan_changes_days")),
        sa.CheckConstraint(
            "plan_id <> plan_before_id or cycle is not null", name=op.f("ck_plan_changes_plan")
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_plan_changes_price")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_plan_changes_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_plan_changes_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_before_id"], ["plans.id"], name=op.f("fk_plan_changes_plan_before_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_changes_plan_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_plan_changes_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_plan_changes_invoice_id")),
    )
    op.create_index(
        op.f("ix_plan_changes_account_id"), "plan_changes", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_plan_changes_due_at"),
        "plan_changes",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'applying'"),
    )
    op.create_index(
        op.f("ix_plan_changes_expires_at"),
        "plan_changes",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_index(
        op.f("ix_plan_changes_service_id_id"), "plan_changes", ["service_id", "id"], unique=False
    )
    op.create_index(
        "uq_plan_changes_under_way",
        "plan_changes",
        ["service_id"],
        unique=True,
        postgresql_where=sa.text(
            "state in ('asked', 'awaiting_payment', 'scheduled', 'applying', 'failed')"
        ),
    )
    op.create_table(
        "renewal_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_renewal_acts_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_renewal_acts_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_acts")),
    )
    op.create_index(
        op.f("ix_renewal_acts_done_at_id"), "renewal_acts", ["done_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_renewal_acts_service_id_id"), "renewal_acts", ["service_id", "id"], unique=False
    )
    op.create_table(
        "renewals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("period_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "done",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("billed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'free') = (invoice_id is null)", name=op.f("ck_renewals_invoice")
        ),
        sa.CheckConstraint(
            "state in ('open', 'paid', 'void', 'free')", name=op.f("ck_renewals_state")
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_renewals_number")),
        sa.CheckConstraint("period_starts_at < period_ends_at", name=op.f("ck_renewals_period")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_renewals_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_renewals_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_renewals_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewals")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_renewals_invoice_id")),
    )
    op.create_index(
        op.f("ix_renewals_account_id_id"), "renewals", ["account_id", "id"], unique=False
    )
    op.create_index(op.f("ix_renewals_billed_at"), "renewals", ["billed_at"], unique=False)
    op.create_index(
        op.f("ix_renewals_service_id"),
        "renewals",
        ["service_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_renewals_number",
        "renewals",
        ["service_id", "number"],
        unique=True,
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_index(
        "uq_renewals_period",
        "renewals",
        ["service_id", "period_starts_at"],
        unique=True,
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_table(
        "schedules",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("billed", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step", sa.String(length=12), nullable=True),
        sa.Column("next_rank", sa.Integer(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_because", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(next_at is null) = (next_step is null)", name=op.f("ck_schedules_next")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_schedules_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_schedules_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_schedules")),
    )
    op.create_index(op.f("ix_schedules_account_id"), "schedules", ["account_id"], unique=False)
    op.create_index(
        "ix_schedules_due",
        "schedules",
        ["next_at", "next_rank", "service_id"],
        unique=False,
        postgresql_where=sa.text("parked_at is null and next_at is not null"),
    )
    op.create_index(
        "ix_schedules_parked",
        "schedules",
        ["parked_at"],
        unique=False,
        postgresql_where=sa.text("parked_at is not null"),
    )
    op.create_table(
        "service_addons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("addon_id", sa.Uuid(), nullable=False),
        sa.Column("price_version", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_exact", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_service_addons_price")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_service_addons_quantity")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_service_addons_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["addon_id"], ["addons.id"], name=op.f("fk_service_addons_addon_id")
        ),
        sa.ForeignKeyConstraint(
            ["price_version"], ["addon_prices.id"], name=op.f("fk_service_addons_price_version")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_addons_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_addons")),
    )
    op.create_index(
        op.f("ix_service_addons_account_id"), "service_addons", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_addons_addon_id"), "service_addons", ["addon_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_addons_service_id"), "service_addons", ["service_id"], unique=False
    )
    op.create_table(
        "usage_months",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("price_exact", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("cap_minor", sa.BigInteger(), nullable=True),
        sa.Column("spent_minor", sa.BigInteger(), nullable=False),
        sa.Column("setup_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("extras", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("earlier", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tax", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("due_minor", sa.BigInteger(), nullable=False),
        sa.Column("charged_minor", sa.BigInteger(), nullable=False),
        sa.Column("promotional_minor", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'invoiced') = (invoice_id is not null)", name=op.f("ck_usage_months_invoice")
        ),
        sa.CheckConstraint(
            "state in ('open', 'held', 'closing', 'invoiced', 'free')",
            name=op.f("ck_usage_months_state"),
        ),
        sa.CheckConstraint("begins_at <= counted_until", name=op.f("ck_usage_months_counted")),
        sa.CheckConstraint(
            "charged_minor between 0 and due_minor", name=op.f("ck_usage_months_charged")
        ),
        sa.CheckConstraint(
            "hours >= 0 and price_exact >= 0 and setup_minor >= 0",
            name=op.f("ck_usage_months_hours"),
        ),
        sa.CheckConstraint(
            "promotional_minor between 0 and charged_minor",
            name=op.f("ck_usage_months_promotional"),
        ),
        sa.CheckConstraint("spent_minor >= 0", name=op.f("ck_usage_months_spent")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_usage_months_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_usage_months_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_usage_months_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_months")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_usage_months_invoice_id")),
    )
    op.create_index(
        op.f("ix_usage_months_account_id"),
        "usage_months",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("state in ('open', 'held', 'closing')"),
    )
    op.create_index(
        "ix_usage_months_closing",
        "usage_months",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'closing'"),
    )
    op.create_index(
        "ix_usage_months_due",
        "usage_months",
        ["counted_until", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_usage_months_part", "usage_months", ["service_id", "month", "part"], unique=True
    )
    op.create_index(
        "uq_usage_months_running",
        "usage_months",
        ["service_id"],
        unique=True,
        postgresql_where=sa.text("state in ('open', 'held')"),
    )
    op.create_table(
        "coupon_redemptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=True),
        sa.Column("saved_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("saved_minor >= 0", name=op.f("ck_coupon_redemptions_saved")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_coupon_redemptions_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupons.id"], name=op.f("fk_coupon_redemptions_coupon_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_coupon_redemptions_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_coupon_redemptions_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_redemptions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_coupon_redemptions_order_id")),
        sa.UniqueConstraint("service_id", name=op.f("uq_coupon_redemptions_service_id")),
    )
    op.create_index(
        op.f("ix_coupon_redemptions_account_id"), "coupon_redemptions", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_coupon_redemptions_coupon_id_account_id"),
        "coupon_redemptions",
        ["coupon_id", "account_id"],
        unique=False,
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_index(
        op.f("ix_coupon_redemptions_coupon_id_id"),
        "coupon_redemptions",
        ["coupon_id", "id"],
        unique=False,
    )
    op.create_table(
        "dispute_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_notes_dispute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_notes")),
    )
    op.create_index(
        op.f("ix_dispute_notes_dispute_id_id"), "dispute_notes", ["dispute_id", "id"], unique=False
    )
    op.create_table(
        "servers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=True),
        sa.Column("hostname", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("panel_name", sa.String(length=63), nullable=False),
        sa.Column(
            "tags",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("notes", sa.String(length=2000), server_default=sa.text("''"), nullable=False),
        sa.Column("favourite", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("power", sa.String(length=10), nullable=False),
        sa.Column("power_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ipv4", sa.String(length=45), nullable=True),
        sa.Column("ipv6", sa.String(length=49), nullable=True),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("location", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("image", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=True),
        sa.Column("message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("installing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "standing", sa.String(length=10), server_default=sa.text("'free'"), nullable=False
        ),
        sa.Column("standing_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "power in ('running', 'stopped', 'unknown')", name=op.f("ck_servers_power")
        ),
        sa.CheckConstraint(
            "standing in ('free', 'suspended', 'gone')", name=op.f("ck_servers_standing")
        ),
        sa.CheckConstraint(
            "state <> 'ready' or (virtfusion_ref is not null and ready_at is not null)",
            name=op.f("ck_servers_ready"),
        ),
        sa.CheckConstraint(
            "state in ('allocating', 'installing', 'ready', 'failed', 'deleting', 'deleted')",
            name=op.f("ck_servers_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_servers_account_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_servers_order_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_servers_panel_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_servers_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_servers")),
        sa.UniqueConstraint("order_id", name=op.f("uq_servers_order_id")),
        sa.UniqueConstraint(
            "panel_id", "virtfusion_ref", name=op.f("uq_servers_panel_id_virtfusion_ref")
        ),
        sa.UniqueConstraint("service_id", name=op.f("uq_servers_service_id")),
    )
    op.create_index(op.f("ix_servers_account_id_id"), "servers", ["account_id", "id"], unique=False)
    op.create_table(
        "stock_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("vcpu", sa.Integer(), nullable=False),
        sa.Column("memory_mib", sa.Integer(), nullable=False),
        sa.Column("disk_gib", sa.Integer(), nullable=False),
        sa.Column("storage_type", sa.Integer(), nullable=False),
        sa.Column("ipv4_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_stock_holds_location_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stock_holds_order_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_stock_holds_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_holds")),
        sa.UniqueConstraint("order_id", name=op.f("uq_stock_holds_order_id")),
    )
    op.create_index(
        op.f("ix_stock_holds_location_id_used_at"),
        "stock_holds",
        ["location_id", "used_at"],
        unique=False,
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("threshold", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(state = 'cleared') = (cleared_at is not null)", name=op.f("ck_alerts_cleared")
        ),
        sa.CheckConstraint(
            "kind in ('cpu', 'memory', 'filesystem', 'traffic', 'down')",
            name=op.f("ck_alerts_kind"),
        ),
        sa.CheckConstraint("state in ('raised', 'cleared')", name=op.f("ck_alerts_state")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_alerts_account_id")),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_alerts_server_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_account_id_id"), "alerts", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_alerts_server_id_id"), "alerts", ["server_id", "id"], unique=False)
    op.create_index(
        "uq_alerts_raised",
        "alerts",
        ["server_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'raised'"),
    )
    op.create_table(
        "block_purchases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gb", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "known_refs",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("block_ref", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('paid', 'adding', 'done', 'refunded')", name=op.f("ck_block_purchases_state")
        ),
        sa.CheckConstraint("gb > 0", name=op.f("ck_block_purchases_gb")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_block_purchases_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_block_purchases_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_block_purchases_server_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_purchases")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_block_purchases_invoice_id")),
    )
    op.create_index(
        op.f("ix_block_purchases_due_at"),
        "block_purchases",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state in ('paid', 'adding')"),
    )
    op.create_index(
        op.f("ix_block_purchases_server_id_id"),
        "block_purchases",
        ["server_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_block_purchases_under_way",
        "block_purchases",
        ["server_id"],
        unique=True,
        postgresql_where=sa.text("state in ('paid', 'adding')"),
    )
    op.create_table(
        "consoles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("as_staff", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("ticket_hash", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(ended_at is null) = (end_reason is null)", name=op.f("ck_consoles_ended")
        ),
        sa.CheckConstraint(
            "(opened_at is null) = (seen_at is null)", name=op.f("ck_consoles_opened")
        ),
        sa.CheckConstraint("as_staff = (reason is not null)", name=op.f("ck_consoles_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consoles_account_id")
        ),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name=op.f("fk_consoles_server_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consoles_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consoles")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_consoles_ticket_hash")),
    )
    op.create_index(op.f("ix_consoles_asked_at"), "consoles", ["asked_at"], unique=False)
    op.create_index(
        "ix_consoles_open",
        "consoles",
        ["server_id"],
        unique=False,
        postgresql_where=sa.text("opened_at is not null and ended_at is null"),
    )
    op.create_index(op.f("ix_consoles_server_id_id"), "consoles", ["server_id", "id"], unique=False)
    op.create_index(op.f("ix_consoles_user_id_id"), "consoles", ["user_id", "id"], unique=False)
    op.create_table(
        "metric_days",
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seen", sa.SmallInteger(), nullable=False),
        sa.Column("ran", sa.SmallInteger(), nullable=False),
        sa.Column("cpu_mean", sa.Double(), nullable=True),
        sa.Column("cpu_most", sa.Integer(), nullable=True),
        sa.Column("memory_mean", sa.Double(), nullable=True),
        sa.Column("memory_most", sa.Integer(), nullable=True),
        sa.Column("filesystem_mean", sa.Double(), nullable=True),
        sa.Column("filesystem_most", sa.Integer(), nullable=True),
        sa.Column("read_kib_mean", sa.Double(), nullable=True),
        sa.Column("read_kib_most", sa.Integer(), nullable=True),
        sa.Column("written_kib_mean", sa.Double(), nullable=True),
        sa.Column("written_kib_most", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_metric_days_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_metric_days_server_id")
        ),
        sa.PrimaryKeyConstraint("server_id", "day", name=op.f("pk_metric_days")),
    )
    op.create_table(
        "metric_hours",
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("running", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("cpu", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("memory", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("filesystem", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("read_kib", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("written_kib", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sent_bytes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_metric_hours_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_metric_hours_server_id")
        ),
        sa.PrimaryKeyConstraint("server_id", "hour", name=op.f("pk_metric_hours")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "metric_samples",
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("cpu", sa.SmallInteger(), nullable=True),
        sa.Column("memory", sa.SmallInteger(), nullable=True),
        sa.Column("filesystem", sa.SmallInteger(), nullable=True),
        sa.Column("read_kib", sa.Integer(), nullable=True),
        sa.Column("written_kib", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_metric_samples_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_metric_samples_server_id")
        ),
        sa.PrimaryKeyConstraint("server_id", "at", name=op.f("pk_metric_samples")),
    )
    op.create_index(op.f("ix_metric_samples_at"), "metric_samples", ["at"], unique=False)
    op.create_table(
        "metric_standings",
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traffic_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("watched_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("running", sa.Boolean(), nullable=True),
        sa.Column("cpu", sa.SmallInteger(), nullable=True),
        sa.Column("memory", sa.SmallInteger(), nullable=True),
        sa.Column("memory_total_mib", sa.Integer(), nullable=True),
        sa.Column("filesystem", sa.SmallInteger(), nullable=True),
        sa.Column("read_kib", sa.Integer(), nullable=True),
        sa.Column("written_kib", sa.Integer(), nullable=True),
        sa.Column("read_bytes", sa.BigInteger(), nullable=True),
        sa.Column("written_bytes", sa.BigInteger(), nullable=True),
        sa.Column(
            "filesystems",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("rolled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_metric_standings_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_metric_standings_server_id")
        ),
        sa.PrimaryKeyConstraint("server_id", name=op.f("pk_metric_standings")),
    )
    op.create_index(
        op.f("ix_metric_standings_due_at"), "metric_standings", ["due_at"], unique=False
    )
    op.create_index(
        op.f("ix_metric_standings_traffic_due_at"),
        "metric_standings",
        ["traffic_due_at"],
        unique=False,
    )
    op.create_table(
        "panel_import_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("cycle", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("invite", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=True),
        sa.Column("server_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (server_id is not null)", name=op.f("ck_panel_import_rows_done")
        ),
        sa.CheckConstraint(
            "state in ('found', 'queued', 'done', 'refused')",
            name=op.f("ck_panel_import_rows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_panel_import_rows_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_panel_import_rows_image_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["panel_imports.id"], name=op.f("fk_panel_import_rows_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_panel_import_rows_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_panel_import_rows_server_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_import_rows")),
        sa.UniqueConstraint(
            "import_id",
            "virtfusion_ref",
            name=op.f("uq_panel_import_rows_import_id_virtfusion_ref"),
        ),
    )
    op.create_index(
        op.f("ix_panel_import_rows_import_id_id"),
        "panel_import_rows",
        ["import_id", "id"],
        unique=False,
    )
    op.create_table(
        "provisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("build_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("builds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("password_told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("polls", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'creating', 'building', 'installing', 'done', 'failed', 'clearing', 'cleared')",
            name=op.f("ck_provisions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_provisions_account_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_provisions_order_id")),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_provisions_server_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_provisions_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_provisions_order_id")),
        sa.UniqueConstraint("server_id", name=op.f("uq_provisions_server_id")),
    )
    op.create_index(
        op.f("ix_provisions_due_at"),
        "provisions",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state not in ('done', 'failed')"),
    )
    op.create_table(
        "server_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_server_secrets_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_server_secrets_server_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_secrets")),
        sa.UniqueConstraint("server_id", name=op.f("uq_server_secrets_server_id")),
    )
    op.create_index(
        op.f("ix_server_secrets_expires_at"), "server_secrets", ["expires_at"], unique=False
    )
    op.create_table(
        "server_sights",
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_server_sights_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_server_sights_server_id")
        ),
        sa.PrimaryKeyConstraint("server_id", name=op.f("pk_server_sights")),
    )
    op.create_table(
        "server_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=True),
        sa.Column("wish", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unclear", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("queue_ref", sa.Integer(), nullable=True),
        sa.Column("asks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("polls", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind in ('start', 'restart', 'shutdown', 'poweroff', 'reinstall', 'reset_password', 'backup', 'firewall', 'reverse_dns', 'add_address', 'drop_address')",
            name=op.f("ck_server_tasks_kind"),
        ),
        sa.CheckConstraint(
            "sealed is null or state in ('queued', 'running')", name=op.f("ck_server_tasks_sealed")
        ),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'done', 'failed')", name=op.f("ck_server_tasks_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_server_tasks_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_server_tasks_server_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_tasks")),
    )
    op.create_index(
        op.f("ix_server_tasks_seen_at"),
        "server_tasks",
        ["seen_at"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )
    op.create_index(
        op.f("ix_server_tasks_server_id_id"), "server_tasks", ["server_id", "id"], unique=False
    )
    op.create_index(
        "uq_server_tasks_active",
        "server_tasks",
        ["server_id"],
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )
    op.create_table(
        "traffic_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sent_bytes", sa.BigInteger(), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.Column("limit_gb", sa.Integer(), nullable=False),
        sa.Column(
            "blocks",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_traffic_periods_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_traffic_periods_server_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traffic_periods")),
        sa.UniqueConstraint(
            "server_id", "number", name=op.f("uq_traffic_periods_server_id_number")
        ),
    )
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("threshold", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("breaching_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calm_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind in ('cpu', 'memory', 'filesystem', 'traffic', 'down')",
            name=op.f("ck_alert_rules_kind"),
        ),
        sa.CheckConstraint(
            "threshold between 1 and 100 and minutes between 0 and 120",
            name=op.f("ck_alert_rules_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_alert_rules_account_id")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_rules_alert_id")),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_alert_rules_server_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rules")),
        sa.UniqueConstraint("server_id", "kind", name=op.f("uq_alert_rules_server_id_kind")),
    )
    op.create_table(
        "bulk_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'asked', 'excluded', 'refused')", name=op.f("ck_bulk_items_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_bulk_items_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_bulk_items_server_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["server_tasks.id"], name=op.f("fk_bulk_items_task_id")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["bulk_works.id"], name=op.f("fk_bulk_items_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_items")),
        sa.UniqueConstraint("work_id", "server_id", name=op.f("uq_bulk_items_work_id_server_id")),
    )
    op.create_index(op.f("ix_bulk_items_server_id"), "bulk_items", ["server_id"], unique=False)
    op.create_table(
        "extra_addresses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("server_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("addon_id", sa.Uuid(), nullable=False),
        sa.Column("price_version", sa.Uuid(), nullable=False),
        sa.Column("service_addon_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_exact", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("known", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('awaiting_payment', 'paid', 'adding', 'active', 'leaving', 'taking', 'gone', 'refunded', 'cancelled', 'expired')",
            name=op.f("ck_extra_addresses_state"),
        ),
        sa.CheckConstraint(
            "state not in ('active', 'leaving', 'taking', 'gone') or (address is not null and service_addon_id is not null)",
            name=op.f("ck_extra_addresses_given"),
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_extra_addresses_price")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_extra_addresses_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["addon_id"], ["addons.id"], name=op.f("fk_extra_addresses_addon_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_extra_addresses_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["price_version"], ["addon_prices.id"], name=op.f("fk_extra_addresses_price_version")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["servers.id"], name=op.f("fk_extra_addresses_server_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_addon_id"],
            ["service_addons.id"],
            name=op.f("fk_extra_addresses_service_addon_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_extra_addresses_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["server_tasks.id"], name=op.f("fk_extra_addresses_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_addresses")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_extra_addresses_invoice_id")),
    )
    op.create_index(
        op.f("ix_extra_addresses_account_id"), "extra_addresses", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_extra_addresses_closed_at"),
        "extra_addresses",
        ["closed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'refunded'"),
    )
    op.create_index(
        op.f("ix_extra_addresses_due_at"),
        "extra_addresses",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index(
        op.f("ix_extra_addresses_expires_at"),
        "extra_addresses",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_payment'"),
    )
    op.create_index(
        op.f("ix_extra_addresses_server_id_id"),
        "extra_addresses",
        ["server_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_extra_addresses_service_id"), "extra_addresses", ["service_id"], unique=False
    )
    op.create_index(
        "uq_extra_addresses_awaited",
        "extra_addresses",
        ["server_id"],
        unique=True,
        postgresql_where=sa.text("state in ('awaiting_payment', 'paid', 'adding')"),
    )
    op.create_index(
        "uq_extra_addresses_held",
        "extra_addresses",
        ["server_id", "address"],
        unique=True,
        postgresql_where=sa.text("state in ('active', 'leaving', 'taking')"),
    )
    op.create_table(
        "panel_users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=60), nullable=False),
        sa.Column("numbered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("virtfusion_ref", sa.Integer(), nullable=True),
        sa.Column("creating_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_panel_users_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["creating_id"], ["provisions.id"], name=op.f("fk_panel_users_creating_id")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_panel_users_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_users")),
        sa.UniqueConstraint(
            "panel_id", "account_id", name=op.f("uq_panel_users_panel_id_account_id")
        ),
        sa.UniqueConstraint(
            "panel_id", "virtfusion_ref", name=op.f("uq_panel_users_panel_id_virtfusion_ref")
        ),
    )
    op.create_table(
        "provision_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provision_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provisions.id"], name=op.f("fk_provision_steps_provision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_steps")),
    )
    op.create_index(
        op.f("ix_provision_steps_provision_id_id"),
        "provision_steps",
        ["provision_id", "id"],
        unique=False,
    )
    # ### end Alembic commands ###
    op.execute(SQL_0)
    op.execute(SQL_1)
    op.execute(SQL_2)
    op.execute(SQL_3)


def downgrade() -> None:
    raise RuntimeError("restore the backup that was made before the upgrade")
