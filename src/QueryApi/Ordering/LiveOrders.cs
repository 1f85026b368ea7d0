using System.Threading.Channels;
using Commerce.Contracts.Ordering;
using Npgsql;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Ordering;

/// <summary>
/// Tells those who watch orders of every change to them. One query per advance of the read model for all watched orders
/// together, however many watch; none while nobody does.
/// </summary>
internal sealed class LiveOrders(ReadModels models, Freshness freshness, QueryApiSettings settings) : BackgroundService
{
    private static readonly string Select = Sql.Of<LiveOrders>();

    /// <summary>Advances within this time share a query.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Tenant, Guid OrderId), List<Watch>> watched = [];
    private int watches;

    /// <summary>Watches an order from now on, until disposed.</summary>
    /// <exception cref="ServiceUnavailableException">As many are watched as one instance serves.</exception>
    public Watch Open(string tenant, Guid orderId)
    {
        lock (gate)
        {
            if (watches >= settings.MaxLiveOrders)
            {
                throw new ServiceUnavailableException(
                    $"{watches} live streams are open, as many as one instance serves. Ask again, or poll "
                    + $"/orders/{orderId}.");
            }

            watches++;
            var watch = new Watch(this, tenant, orderId);
            if (!watched.TryGetValue((tenant, orderId), out var same))
                watched[(tenant, orderId)] = same = [];
            same.Add(watch);
            return watch;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await freshness.WaitFor(ProjectionNames.OrderDetails, seen + 1, LookAnyway, stoppingToken);
                await Task.Delay(Gather, stoppingToken);
                seen = await TellChanges(seen, stoppingToken);
            }
            catch (ServiceUnavailableException)
            {
                // The feed of checkpoints logs the outage; the streams live on and go on when the store is back.
                await Task.Delay(LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>The position up to which everyone has been told.</returns>
    private async Task<long> TellChanges(long since, CancellationToken stopping)
    {
        (string Tenant, Guid OrderId)[] keys;
        lock (gate)
            keys = [.. watched.Keys];
        if (keys.Length == 0)
            return freshness.Position(ProjectionNames.OrderDetails);

        var changed = await models.Query(
            Select,
            [
                new() { Value = Array.ConvertAll(keys, key => key.Tenant) },
                new() { Value = Array.ConvertAll(keys, key => key.OrderId) },
                new() { Value = since },
            ],
            (reader, token) => reader.Many(row => (Tenant: row.GetString(13), Order: OrderRow.Read(row)), token),
            stopping);
        foreach (var (tenant, order) in changed.Value!)
        {
            lock (gate)
            {
                foreach (var watch in watched.GetValueOrDefault((tenant, order.OrderId)) ?? [])
                    watch.Tell(order);
            }
        }

        return changed.Mark.Position;
    }

    private void Close(Watch watch)
    {
        lock (gate)
        {
            var same = watched[watch.Key];
            same.Remove(watch);
            watches--;
            if (same.Count == 0)
                watched.Remove(watch.Key);
        }
    }

    /// <summary>
    /// One who watches an order. Has the order as last changed; what it was in between is in its history.
    /// </summary>
    internal sealed class Watch(LiveOrders owner, string tenant, Guid orderId) : IDisposable
    {
        private readonly Channel<OrderDetails> latest = Channel.CreateBounded<OrderDetails>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        public (string Tenant, Guid OrderId) Key { get; } = (tenant, orderId);

        public ChannelReader<OrderDetails> Changes => latest.Reader;

        public void Tell(OrderDetails order) => latest.Writer.TryWrite(order);

        public void Dispose() => owner.Close(this);
    }
}
