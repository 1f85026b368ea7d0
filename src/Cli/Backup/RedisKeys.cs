using StackExchange.Redis;

namespace Cli.Backup;

/// <summary>Models and cached answers in Redis. Other keys are not touched.</summary>
internal sealed class RedisKeys : ISurrounding
{
    /// <summary>Models begin with <c>{NAME:BUILD}</c>, cached answers with <c>query-api:</c>.</summary>
    private static readonly string[] Patterns = ["{*:*}*", "query-api:*"];

    private readonly ConnectionMultiplexer redis;

    private RedisKeys(ConnectionMultiplexer redis) => this.redis = redis;

    public string Name => "redis";

    public static async Task<RedisKeys> Open(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            return new RedisKeys(await ConnectionMultiplexer.ConnectAsync(connectionString).WaitAsync(cancellationToken));
        }
        catch (RedisConnectionException exception)
        {
            throw new ServerAwayException($"Redis does not answer: {exception.Message}", exception);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"--redis is no connection string: {exception.Message}", exception);
        }
    }

    public async Task<string> Empty(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = 0L;
            foreach (var pattern in Patterns)
                deleted += await Delete(redis.GetDatabase(), pattern, cancellationToken);
            return $"{deleted} keys deleted";
        }
        catch (RedisException exception)
        {
            throw new ServerAwayException(
                $"Redis does not answer any more: {exception.Message}. Repeat with --reconcile --gap 0.", exception);
        }
    }

    public async ValueTask DisposeAsync() => await redis.CloseAsync();

    private static async Task<long> Delete(IDatabase database, string pattern, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        var cursor = "0";
        do
        {
            var found = (RedisResult[])(await database
                .ExecuteAsync("SCAN", cursor, "MATCH", pattern, "COUNT", 1000).WaitAsync(cancellationToken))!;
            cursor = (string)found[0]!;
            var keys = (RedisKey[])found[1]!;
            if (keys.Length > 0)
                deleted += await database.KeyDeleteAsync(keys).WaitAsync(cancellationToken);
        }
        while (cursor != "0");
        return deleted;
    }
}
