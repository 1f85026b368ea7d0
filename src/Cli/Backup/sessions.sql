-- Who has the database $1 open: names of programs, and how many sessions each has.
select coalesce(nullif(application_name, ''), 'a program without name'), count(*)
from pg_stat_activity
where datname = $1 and pid <> pg_backend_pid() and backend_type = 'client backend'
group by 1
order by 1;
