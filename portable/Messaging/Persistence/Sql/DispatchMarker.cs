using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Marks outbox records as dispatched, many in one statement: the messages of one round trip wait for the
/// next.</summary>
internal sealed class DispatchMarker : IAsyncDisposable
{
    private const int Largest = 500;

    private readonly SqlStorage storage;
    private readonly ILogger logger;
    private readonly string mark;
    private readonly Task marking;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(4096) { SingleReader = true });

    public DispatchMarker(SqlStorage storage, ILogger logger)
    {
        (this.storage, this.logger) = (storage, logger);
        mark = SqlText.Load("mark-dispatched", ("outbox", storage.Table));
        marking = Task.Run(Run);
    }

    /// <summary>Returns when the record is marked.</summary>
    public async Task Mark(string messageId, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(
            messageId, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(waiting, cancellationToken);
        await waiting.Marked.Task;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await marking;
    }

    private async Task Run()
    {
        var batch = new List<Waiting>();
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < Largest && queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            await Mark(batch);
            batch.Clear();
        }
    }

    private async Task Mark(List<Waiting> batch)
    {
        try
        {
            await using var connection = await storage.Connect(CancellationToken.None);
            await using var command = new NpgsqlCommand(mark, connection);
            command.Parameters.Add(new NpgsqlParameter<string[]>
            {
                TypedValue = [.. batch.Select(w => w.MessageId)],
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar,
            });
            await command.PrepareAsync();
            await command.ExecuteNonQueryAsync();
            batch.ForEach(w => w.Marked.SetResult());
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            logger.LogWarning(e, "{Count} outbox records could not be marked as dispatched", batch.Count);
            batch.ForEach(w => w.Marked.SetException(e));
        }
    }

    private sealed record Waiting(string MessageId, TaskCompletionSource Marked);
}
