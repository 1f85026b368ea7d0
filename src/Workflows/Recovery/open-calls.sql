-- Shipments that were booked and are neither delivered, refused nor called off; and payments that were given back, and
-- shipments that were called off, in the last day before the log ended: their events may not have been handled.
-- By the index on (type, position).
(select stream from eventstore.events where type = 'shipment-requested'
 except
 select stream from eventstore.events where type in ('shipment-delivered', 'shipment-refused', 'shipment-canceled'))
union
select stream from eventstore.events
where type in ('payment-voided', 'payment-refunded', 'shipment-canceled')
  and decided_at > (
      select max(decided_at) from eventstore.events
      where type in ('payment-voided', 'payment-refunded', 'shipment-canceled')) - interval '1 day';
