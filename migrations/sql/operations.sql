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
