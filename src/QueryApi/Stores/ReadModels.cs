using System.Net.Sockets;
using Npgsql;
using ServiceDefaults;
using ServiceDefaults.Http;

namespace QueryApi.Stores;

/// <summary>
/// The read models in PostgreSQL, over connections that can select and nothing else. Every query is one statement, so
/// what it reads, its checkpoint included, is one snapshot.
/// </summary>
internal sealed class ReadModels
{
    public const string Name = "readmodels";

    /// <summary>A read replica of the same database; without it all reads go to the primary server.</summary>
    public const string Replica = "readmodels-replica";

    private readonly NpgsqlDataSource database;
    private readonly NpgsqlDataSource primary;

    /// <summary>The role that may select from the views for readers; see docs/read-models.md.</summary>
    private const string ReadOnly = "-c role=cqrs_reader -c default_transaction_read_only=on";

    /// <summary>Statements that a connection keeps prepared: all there are.</summary>
    private const int PreparedStatements = 24;

    /// <summary>How alike a word and a misspelling of it are at least; found on the spellings in SearchTests.</summary>
    private const string Misspelled = "-c pg_trgm.strict_word_similarity_threshold=0.42";

    public static void Add(IHostApplicationBuilder builder, TimeSpan timeout)
    {
        builder.AddDatabase(Name, Configure);
        if (builder.Configuration.GetConnectionString(Replica) is { Length: > 0 })
            builder.AddDatabase(Replica, Configure);
        builder.Services.AddSingleton<ReadModels>();

        void Configure(NpgsqlConnectionStringBuilder connection)
        {
            connection.Options = $"{connection.Options} {ReadOnly} {Misspelled}".Trim();
            connection.CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds);
            connection.MaxAutoPrepare = PreparedStatements;
            DatabaseExtensions.WithoutReset(connection);
        }
    }

    public ReadModels(IServiceProvider services)
    {
        primary = services.GetRequiredKeyedService<NpgsqlDataSource>(Name);
        var replica = services.GetKeyedService<NpgsqlDataSource>(Replica);
        (database, HasReplica) = (replica ?? primary, replica is not null);
    }

    /// <summary>Whether queries read a replica.</summary>
    public bool HasReplica { get; }

    /// <summary>A connection for those that need one of their own: where queries read.</summary>
    /// <exception cref="ServiceUnavailableException">
    /// PostgreSQL is away, or the read models are not there yet.
    /// </exception>
    public Task<NpgsqlConnection> Open(CancellationToken cancellationToken) => Open(database, cancellationToken);

    /// <summary>A connection to the primary server, which alone gives notifications.</summary>
    /// <inheritdoc cref="Open(CancellationToken)"/>
    public Task<NpgsqlConnection> OpenPrimary(CancellationToken cancellationToken) => Open(primary, cancellationToken);

    private static async Task<NpgsqlConnection> Open(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            return await database.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception exception) when (Outage(exception) is { } outage)
        {
            throw new ServiceUnavailableException(outage, exception);
        }
    }

    /// <summary>Runs one statement.</summary>
    /// <param name="parameters">For $1, $2, …</param>
    /// <param name="read">Reads the rows; the reader stands before the first.</param>
    /// <exception cref="ServiceUnavailableException">
    /// PostgreSQL is away, or the read models are not there yet.
    /// </exception>
    public async Task<T> Query<T>(
        string sql,
        IReadOnlyList<NpgsqlParameter> parameters,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(sql);
            foreach (var parameter in parameters)
                command.Parameters.Add(parameter);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await read(reader, cancellationToken);
        }
        catch (Exception exception) when (Outage(exception) is { } outage)
        {
            throw new ServiceUnavailableException(outage, exception);
        }
    }

    /// <summary>
    /// What to tell the client if the server is away, full or not set up yet; null if the query is at fault.
    /// </summary>
    private static string? Outage(Exception exception) => exception switch
    {
        PostgresException
        {
            SqlState: "22023" or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName
            or PostgresErrorCodes.InvalidCatalogName
        } =>
            "The read models are not there yet: the projections make them when they first start.",
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            "PostgreSQL did not answer in time.",
        PostgresException failure when failure.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || failure.SqlState.StartsWith("08", StringComparison.Ordinal)
            || failure.SqlState.StartsWith("53", StringComparison.Ordinal) =>
            $"PostgreSQL cannot serve the read models now: {failure.MessageText}.",
        PostgresException => null,
        NpgsqlException or SocketException or TimeoutException =>
            "The read models are away: PostgreSQL does not answer.",
        _ => null,
    };
}
