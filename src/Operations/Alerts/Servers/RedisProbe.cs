using StackExchange.Redis;

namespace Operations.Alerts.Servers;

/// <summary>Pings over a connection that comes back by itself.</summary>
/// <param name="connectionString">StackExchange.Redis' own format.</param>
internal sealed class RedisProbe(string connectionString) : IAsyncDisposable
{
    private Task<ConnectionMultiplexer>? connection;

    public async Task Ask(CancellationToken cancellationToken)
    {
        if (connection is null or { IsFaulted: true } or { IsCanceled: true })
            connection = Connect();
        var redis = await connection.WaitAsync(cancellationToken);
        await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is { IsCompletedSuccessfully: true } open)
            await (await open).CloseAsync(allowCommandsToComplete: false);
    }

    private Task<ConnectionMultiplexer> Connect()
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        return ConnectionMultiplexer.ConnectAsync(options);
    }
}
