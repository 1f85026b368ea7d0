-- The correlation property: one saga per value.
alter table {saga} add column if not exists {correlation} {type};
create unique index if not exists {index} on {saga} using btree ({correlation} asc)
