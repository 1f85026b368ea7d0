using System.Net.Sockets;
using Commerce.EventLog;
using EventStore;
using Npgsql;
using QueryApi.Consistency;
using ServiceDefaults;
using ServiceDefaults.Http;

namespace QueryApi.Stores;

/// <summary>
/// The event log, through a role that can select and nothing else: for answers that may not wait for a read model, and
/// to learn which cached answers an event makes out of date. Optional: without its connection string the query API
/// offers no strong consistency, and caches an answer only until its model moves.
/// </summary>
internal sealed class CommerceLog : IAsyncDisposable
{
    public const string Name = "commerce";
    private const string ReadOnly = "-c role=eventstore_reader -c default_transaction_read_only=on";

    private readonly NpgsqlDataSource? database;
    private readonly PostgresEventReader? events;
    private readonly PostgresEventReader? names;

    public CommerceLog(IConfiguration configuration, QueryApiSettings settings, ILoggerFactory loggers)
    {
        if (configuration.GetConnectionString(Name) is not { Length: > 0 } text)
            return;
        var connection = new NpgsqlConnectionStringBuilder(text)
        {
            ApplicationName = "QueryApi",
            MaxPoolSize = 20,
            Timeout = 5,
            CommandTimeout = (int)Math.Ceiling(settings.StoreTimeout.TotalSeconds),
            KeepAlive = 10,
        };
        DatabaseExtensions.ForShortStatements(connection);
        connection.Options = $"{connection.Options} {ReadOnly}".Trim();
        database = new NpgsqlDataSourceBuilder(connection.ConnectionString).UseLoggerFactory(loggers).Build();
        var logger = loggers.CreateLogger<PostgresEventReader>();
        events = new PostgresEventReader(database, CommerceEvents.Types(), logger: logger);
        names = new PostgresEventReader(database, new EventTypes(), logger: logger);
    }

    /// <summary>Whether this instance was given the log.</summary>
    public bool IsThere => database is not null;

    /// <summary>The log without its data being read as objects: for those who need streams and names alone.</summary>
    public IEventReader Names => names ?? throw NotGiven();

    /// <summary>
    /// The ends of streams as they are now, and a position that they show all of: taken before them, so everything up
    /// to it is committed by the time they are read.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">PostgreSQL is away, or the log is not there yet.</exception>
    /// <exception cref="InvalidRequestException">Events of these streams are archived.</exception>
    public async Task<(long Position, IReadOnlyList<RecordedEvent> Events)> Read(
        IReadOnlyCollection<StreamEnd> streams, CancellationToken cancellationToken)
    {
        var reader = events ?? throw NotGiven();
        try
        {
            var head = await reader.ReadHead(cancellationToken);
            return (head, await reader.ReadStreams(streams, cancellationToken));
        }
        catch (ArchivedEventsException archived)
        {
            throw new InvalidRequestException(
                Query.LevelHeader,
                $"cannot be strong here: {archived.Message} Without {Query.LevelHeader} the read model answers");
        }
        catch (ReadFailedException failed)
        {
            throw new ServiceUnavailableException(failed.Message, failed);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException)
        {
            throw new ServiceUnavailableException("The event log is away: PostgreSQL does not answer.", exception);
        }
    }

    /// <summary>The positions that restores have left behind; none where nothing was ever restored.</summary>
    public async Task<IReadOnlyList<LostRange>> Lost(CancellationToken cancellationToken)
    {
        var there = database ?? throw NotGiven();
        await using (var look = there.CreateCommand("SELECT to_regclass('recovery.restores') IS NOT NULL"))
        {
            if (!(bool)(await look.ExecuteScalarAsync(cancellationToken))!)
                return [];
        }
        await using var command = there.CreateCommand(Sql.Of<LostPositions>());
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var lost = new List<LostRange>();
        while (await rows.ReadAsync(cancellationToken))
            lost.Add(new LostRange(rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<DateTimeOffset>(2)));
        return lost;
    }

    public async ValueTask DisposeAsync()
    {
        if (events is not null)
            await events.DisposeAsync();
        if (names is not null)
            await names.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    private static InvalidOperationException NotGiven() => new(
        $"The query API has no event log: set the connection string '{Name}'.");
}
