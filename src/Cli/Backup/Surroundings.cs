using System.CommandLine;
using Npgsql;

namespace Cli.Backup;

/// <summary>What stands around the log and follows from it: read models, caches and queues.</summary>
internal sealed class Surroundings : IAsyncDisposable
{
    private static readonly Option<string?> ReadModels = Setting(
        "--readmodels", "ConnectionStrings__readmodels", "Connection string of the database readmodels");

    private static readonly Option<string?> Redis = Setting(
        "--redis", "ConnectionStrings__redis", "Connection string of Redis");

    private static readonly Option<string?> Elasticsearch = Setting(
        "--elasticsearch", "ConnectionStrings__elasticsearch", "Address of Elasticsearch");

    private static readonly Option<string?> Broker = Setting(
        "--rabbitmq", "ConnectionStrings__rabbitmq", "The broker, as amqp://user:password@host:port");

    private static readonly Option<string?> Management = Setting(
        "--rabbitmq-management", "services__rabbitmq__management__0", "Address of the broker's management API");

    private readonly List<ISurrounding> all = [];
    private readonly ReadModelDatabase? readModels;

    private Surroundings(ReadModelDatabase? readModels) => this.readModels = readModels;

    public static void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[ReadModels, Redis, Elasticsearch, Broker, Management])
            command.Options.Add(option);
    }

    /// <exception cref="ServerAwayException">One that was named does not answer.</exception>
    public static async Task<Surroundings> Open(ParseResult parsed, CancellationToken cancellationToken)
    {
        var readModels = Value(parsed, ReadModels, "ConnectionStrings__readmodels") is { } database
            ? new ReadModelDatabase(database)
            : null;
        var surroundings = new Surroundings(readModels);
        try
        {
            if (Value(parsed, Redis, "ConnectionStrings__redis") is { } redis)
                surroundings.all.Add(await RedisKeys.Open(redis, cancellationToken));
            if (Value(parsed, Elasticsearch, "ConnectionStrings__elasticsearch") is { } elasticsearch)
                surroundings.all.Add(await SearchIndexes.Open(elasticsearch, cancellationToken));
            if (Value(parsed, Broker, "ConnectionStrings__rabbitmq") is { } broker
                && Value(parsed, Management, "services__rabbitmq__management__0") is { } management)
                surroundings.all.Add(await BrokerQueues.Open(broker, management, cancellationToken));
            if (readModels is not null)
                surroundings.all.Add(readModels);
            return surroundings;
        }
        catch
        {
            await surroundings.DisposeAsync();
            throw;
        }
    }

    /// <summary>Programs that have the read models' database open.</summary>
    public Task<IReadOnlyList<string>> Sessions(CancellationToken cancellationToken) =>
        readModels?.Sessions(cancellationToken) ?? Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The highest position that a read model has reached; 0 where none knows.</summary>
    public Task<long> HighestPosition(CancellationToken cancellationToken) =>
        readModels?.HighestPosition(cancellationToken) ?? Task.FromResult(0L);

    /// <summary>Empties what was named; says what was not.</summary>
    public async Task<IReadOnlyList<Emptied>> Empty(Action<string> progress, CancellationToken cancellationToken)
    {
        var emptied = new List<Emptied>();
        foreach (var surrounding in all)
        {
            progress($"emptying {surrounding.Name}");
            emptied.Add(new Emptied(surrounding.Name, await surrounding.Empty(cancellationToken)));
        }
        foreach (var name in (string[])["readmodels", "redis", "elasticsearch", "rabbitmq"])
        {
            if (all.All(surrounding => surrounding.Name != name))
                emptied.Add(new Emptied(name, "not named, so left as it is; right where it is new and empty, or not used"));
        }
        return emptied;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var surrounding in all)
            await surrounding.DisposeAsync();
    }

    public override string ToString() =>
        all.Count == 0 ? "nothing else" : string.Join(", ", all.Select(surrounding => surrounding.Name));

    private static string? Value(ParseResult parsed, Option<string?> option, string variable) =>
        (parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable)) is { Length: > 0 } value ? value : null;

    // Not as the options' defaults: help would print them, passwords and all.
    private static Option<string?> Setting(string name, string variable, string what) =>
        new(name) { Description = $"{what} (else {variable})." };
}

/// <summary>Something that follows from the log and is made anew from it.</summary>
internal interface ISurrounding : IAsyncDisposable
{
    string Name { get; }

    /// <returns>What was done, in words.</returns>
    Task<string> Empty(CancellationToken cancellationToken);
}

/// <summary>What became of one of them.</summary>
internal sealed record Emptied(string What, string Outcome);

/// <summary>A server that was named does not answer, or refuses.</summary>
internal sealed class ServerAwayException(string message, Exception? inner = null) : Exception(message, inner);
