-- The orders that have a saga. Reads the table once.
select "Correlation_Order" from workflows."Commerce_Workflows_FulfilmentSaga";
