using EventStore;

namespace MessageFaults;

/// <summary>
/// Does what business handlers do: a row, an event and a published message in the transaction of the message. Nothing
/// here hides a doubled effect: the table has no key, and every attempt appends under an id of its own.
/// </summary>
internal sealed class DoWorkHandler(IEventStore store, FailPoint failPoint) : IHandleMessages<DoWork>
{
    public async Task Handle(DoWork message, IMessageHandlerContext context)
    {
        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        await using (var insert = session.Connection.CreateCommand())
        {
            insert.Transaction = session.Transaction;
            insert.CommandText = $"insert into effects values ({message.Number}, '{context.MessageId}')";
            await insert.ExecuteNonQueryAsync(context.CancellationToken);
        }

        var done = new WorkDone(message.Tenant, message.Number);
        await store.Append(
            new AppendRequest(
                [new StreamAppend($"work-{message.Number}", ExpectedVersion.Any, [done])],
                new EventMetadata(Guid.CreateVersion7(), message.Tenant, DateTimeOffset.UtcNow)),
            session.Transaction,
            context.CancellationToken);
        await context.Publish(done);
        failPoint.Hit(Step.Handled);
        session.OnSaveChanges((_, _) =>
        {
            failPoint.Hit(Step.Committing);
            return Task.CompletedTask;
        });
    }
}
