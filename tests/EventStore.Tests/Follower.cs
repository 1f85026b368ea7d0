using System.Threading.Channels;

namespace EventStore.Tests;

/// <summary>A subscription that runs beside the test.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stopping =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private readonly Channel<EventBatch> batches = Channel.CreateUnbounded<EventBatch>();
    private readonly Task following;

    public Follower(PostgresEventStore store, long after, SubscriptionOptions options) =>
        following = Task.Run(async () =>
        {
            try
            {
                await foreach (var batch in store.Subscribe(after, options, stopping.Token))
                    batches.Writer.TryWrite(batch);
            }
            catch (Exception e)
            {
                batches.Writer.TryComplete(e);
            }
        });

    public async Task<EventBatch> Next()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return await batches.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Batches until this many events have come.</summary>
    public async Task<List<EventBatch>> Until(int events)
    {
        var read = new List<EventBatch>();
        while (read.Sum(batch => batch.Events.Count) < events)
            read.Add(await Next());
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await following;
        stopping.Dispose();
    }
}
