-- Messages that were handled, and whose outgoing messages are not known to have left. By the index on "DispatchedAt".
select "MessageId" from workflows."Commerce_Workflows_OutboxData" where "DispatchedAt" is null and not "Dispatched";
