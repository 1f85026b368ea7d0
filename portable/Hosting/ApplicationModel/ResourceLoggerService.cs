using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Portable.Hosting.ApplicationModel;

/// <summary>One line of a resource's console.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="Content">Time in UTC (ISO 8601), a space, and the text.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource's console and hands them to whoever watches.</summary>
public class ResourceLoggerService
{
    /// <summary>Lines kept per resource, and lines a slow watcher may fall behind.</summary>
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, Console> consoles = new(ResourceName.Comparer);

    /// <summary>Raised for every line: instance, text without the time, whether an error.</summary>
    internal event Action<string, string, bool>? Written;

    /// <summary>Writes to the console of a resource, as the host's word about it.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    /// <inheritdoc cref="GetLogger(IResource)" />
    public ILogger GetLogger(string resourceName) => new ConsoleLogger(this, resourceName);

    /// <summary>The kept lines, then each new one, until cancelled or <see cref="Complete(string)"/>.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <inheritdoc cref="WatchAsync(IResource)" />
    /// <param name="resourceName">Instance of a resource.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Of(resourceName).Watch(follow: true);

    /// <summary>The lines kept until now.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    /// <inheritdoc cref="GetAllAsync(IResource)" />
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Of(resourceName).Watch(follow: false);

    /// <summary>Ends the watches of a resource: it will write nothing more.</summary>
    public void Complete(IResource resource) => Complete(resource.Name);

    /// <inheritdoc cref="Complete(IResource)" />
    public void Complete(string name) => Of(name).Complete();

    /// <summary>Forgets the kept lines.</summary>
    public void ClearBacklog(string resourceName) => Of(resourceName).Clear();

    internal void Write(string resourceName, string line, bool isError)
    {
        Of(resourceName).Write(line, isError);
        Written?.Invoke(resourceName, line, isError);
    }

    private Console Of(string name) => consoles.GetOrAdd(name, _ => new Console());

    private sealed class Console
    {
        private readonly Lock gate = new();
        private readonly Queue<LogLine> kept = [];
        private readonly List<Channel<LogLine>> watchers = [];
        private int lines;

        public void Write(string text, bool isError)
        {
            lock (gate)
            {
                var line = new LogLine(++lines, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffffZ} {text}", isError);
                if (kept.Count == Capacity) kept.Dequeue();
                kept.Enqueue(line);
                foreach (var watcher in watchers) watcher.Writer.TryWrite(line);
            }
        }

        public void Complete()
        {
            lock (gate)
            {
                foreach (var watcher in watchers) watcher.Writer.TryComplete();
            }
        }

        public void Clear()
        {
            lock (gate) kept.Clear();
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> Watch(
            bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var channel = Channel.CreateBounded<LogLine>(
                new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
            LogLine[] backlog;
            lock (gate)
            {
                backlog = [.. kept];
                if (follow) watchers.Add(channel);
            }
            try
            {
                if (backlog.Length > 0) yield return backlog;
                if (!follow) yield break;
                while (await channel.Reader.WaitToReadAsync(cancellationToken))
                {
                    var batch = new List<LogLine>();
                    while (channel.Reader.TryRead(out var line)) batch.Add(line);
                    yield return batch;
                }
            }
            finally
            {
                lock (gate) watchers.Remove(channel);
            }
        }
    }

    private sealed class ConsoleLogger(ResourceLoggerService service, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            service.Write(name, formatter(state, exception), logLevel >= LogLevel.Error);
            if (exception is not null) service.Write(name, exception.ToString(), isError: true);
        }
    }
}
