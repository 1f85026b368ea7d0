using System.Globalization;
using QueryApi.Consistency;
using ServiceDefaults;
using ServiceDefaults.Http;
using StackExchange.Redis;

namespace QueryApi.Stores;

/// <summary>The read models in Redis. Each read takes its answer and the model's position in one transaction.</summary>
internal sealed class RedisModels : IHostedService, IAsyncDisposable
{
    public const string Name = "redis";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);
    private readonly Lazy<Task<ConnectionMultiplexer>> connecting;
    private readonly Freshness freshness;
    private readonly TimeSpan timeout;

    public RedisModels(IConfiguration configuration, QueryApiSettings settings, Freshness freshness)
    {
        this.freshness = freshness;
        timeout = settings.StoreTimeout;
        var options = ConfigurationOptions.Parse(configuration.RequireConnectionString(Name));
        // A server that is away now is connected to when it is back; until then every read fails at once.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)StartTimeout.TotalMilliseconds;
        options.SyncTimeout = (int)timeout.TotalMilliseconds;
        options.ClientName = "query-api";
        connecting = new(() => ConnectionMultiplexer.ConnectAsync(options));
    }

    /// <summary>Whether the connection stands now.</summary>
    public bool IsConnected => connecting.Value is { IsCompletedSuccessfully: true } done && done.Result.IsConnected;

    /// <summary>Connects, so that the first query need not. A server that is away holds nothing up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        await Task.WhenAny(connecting.Value, Task.Delay(StartTimeout, cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads a model of Redis.</summary>
    /// <param name="ask">
    /// Asks for what is needed, given the transaction to ask in and the prefix of the model's keys.
    /// </param>
    /// <exception cref="ServiceUnavailableException">
    /// Redis is away, or does not hold the model (yet, or any more).
    /// </exception>
    public async Task<(T Answer, ReadMark Mark)> Read<T>(
        string projection, Func<IDatabaseAsync, string, Task<T>> ask, CancellationToken cancellationToken)
    {
        var known = freshness.Last(projection) ?? throw new ServiceUnavailableException(
            $"'{projection}' is not there yet: its projection makes it when it first starts.");
        try
        {
            var redis = await connecting.Value.WaitAsync(timeout, cancellationToken);
            var transaction = redis.GetDatabase().CreateTransaction();
            var held = transaction.StringGetAsync($"{known.Storage}#checkpoint");
            var answer = ask(transaction, known.Storage);
            await transaction.ExecuteAsync().WaitAsync(timeout, cancellationToken);

            var position = Position(await held.WaitAsync(timeout, cancellationToken));
            // Redis is written before its checkpoint is told to anyone: if it holds less, it lost data.
            return position >= known.Position
                ? (await answer.WaitAsync(timeout, cancellationToken), new ReadMark(position, known.StalenessNow))
                : throw new ServiceUnavailableException($"Redis lost '{projection}', which is being filled anew.");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new ServiceUnavailableException($"'{projection}' is away: Redis does not answer.", exception);
        }
    }

    /// <summary>
    /// A read that needs no position of its own, such as names to show beside what <see cref="Read"/> found.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">Redis is away.</exception>
    public async Task<T> ReadMore<T>(
        string projection, Func<IDatabaseAsync, string, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var redis = await connecting.Value.WaitAsync(timeout, cancellationToken);
            var prefix = freshness.Last(projection)!.Storage;
            return await ask(redis.GetDatabase(), prefix).WaitAsync(timeout, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new ServiceUnavailableException($"'{projection}' is away: Redis does not answer.", exception);
        }
    }

    /// <summary>A value that others can do without: null where Redis has none, is away, or takes too long.</summary>
    public async Task<byte[]?> TryGet(string key, TimeSpan patience)
    {
        if (!IsConnected)
            return null;
        try
        {
            return await connecting.Value.Result.GetDatabase().StringGetAsync(key).WaitAsync(patience);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Keeps a value that others can do without, without waiting for Redis.</summary>
    public void TrySet(string key, byte[] value, TimeSpan lifetime)
    {
        if (IsConnected)
            connecting.Value.Result.GetDatabase().StringSet(key, value, lifetime, flags: CommandFlags.FireAndForget);
    }

    public async ValueTask DisposeAsync()
    {
        if (connecting.IsValueCreated)
            (await connecting.Value).Dispose();
    }

    /// <summary>A model that nothing was written to has no position yet.</summary>
    private static long Position(RedisValue held) =>
        held.IsNull ? 0 : long.Parse(held.ToString(), CultureInfo.InvariantCulture);
}
