using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Operations.Http;

namespace Operations.Console.Live;

/// <summary>
/// Reads what the page shows once a second while anybody looks at it, and tells all who do when something has changed.
/// One reading serves all listeners; without listeners nothing is read.
/// </summary>
internal sealed partial class LiveFeed(
    SnapshotReader reader, IHostApplicationLifetime lifetime, ILogger<LiveFeed> logger) : BackgroundService
{
    /// <summary>Pages that are open at once; another one is refused.</summary>
    public const int MostListeners = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly List<Listener> listeners = [];
    private readonly SemaphoreSlim arrived = new(0);
    private string? latest;
    private bool stopped;

    /// <returns>Null: there are as many as there may be, or the service stops.</returns>
    public Listener? Join()
    {
        lock (gate)
        {
            if (listeners.Count >= MostListeners || stopped)
                return null;
            var listener = new Listener(this);
            listeners.Add(listener);
            if (latest is not null)
                listener.Tell(latest);
            arrived.Release();
            return listener;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The web server stops before this service does, and waits for requests to end.
        await using var ending = lifetime.ApplicationStopping.Register(End);
        try
        {
            while (true)
            {
                await arrived.WaitAsync(stoppingToken);
                reader.Forget();
                while (HasListeners())
                {
                    await Look(stoppingToken);
                    await Task.Delay(Pause, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task Look(CancellationToken stoppingToken)
    {
        try
        {
            var snapshot = await reader.Read(stoppingToken);
            Tell(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(snapshot, ApiJson.Options)));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault of this program: the page keeps what it has, and the next look says it again.
            Failed(logger, exception);
        }
    }

    private bool HasListeners()
    {
        lock (gate)
        {
            if (listeners.Count > 0)
                return true;
            latest = null;
            return false;
        }
    }

    private void Tell(string snapshot)
    {
        lock (gate)
        {
            if (snapshot == latest)
                return;
            latest = snapshot;
            foreach (var listener in listeners)
                listener.Tell(snapshot);
        }
    }

    private void End()
    {
        lock (gate)
        {
            stopped = true;
            foreach (var listener in listeners)
                listener.End();
        }
    }

    private void Leave(Listener listener)
    {
        lock (gate)
            listeners.Remove(listener);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What the console shows could not be read; trying again")]
    private static partial void Failed(ILogger logger, Exception exception);

    /// <summary>One who looks. A slow one misses what was overtaken, and always gets the latest.</summary>
    internal sealed class Listener(LiveFeed feed) : IDisposable
    {
        private readonly Channel<string> snapshots = Channel.CreateBounded<string>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        /// <summary>Completes when the service stops.</summary>
        public ChannelReader<string> Snapshots => snapshots.Reader;

        public void Tell(string snapshot) => snapshots.Writer.TryWrite(snapshot);

        public void End() => snapshots.Writer.TryComplete();

        public void Dispose() => feed.Leave(this);
    }
}
