using Npgsql;

namespace Cli.Backup;

/// <summary>The database of the read models: all that is in it follows from the log.</summary>
internal sealed class ReadModelDatabase(string connectionString) : ISurrounding
{
    private readonly NpgsqlConnectionStringBuilder server = Parse(connectionString);

    public string Name => "readmodels";

    public Task<IReadOnlyList<string>> Sessions(CancellationToken cancellationToken) =>
        Databases.Sessions(server, cancellationToken);

    /// <summary>The highest position that any build has reached or seen; 0 where there are none.</summary>
    public async Task<long> HighestPosition(CancellationToken cancellationToken)
    {
        if (!await Exists(cancellationToken))
            return 0;
        await using var connection = await Databases.Open(server, server.Database!, cancellationToken);
        await using var look = new NpgsqlCommand("select to_regclass('projections.checkpoints') is not null", connection);
        if (!(bool)(await look.ExecuteScalarAsync(cancellationToken))!)
            return 0;
        await using var highest = new NpgsqlCommand(Sql.Read("highest-checkpoint"), connection);
        return (long)(await highest.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Schemas go, one by one, the database and its rights stay.</summary>
    public async Task<string> Empty(CancellationToken cancellationToken)
    {
        if (!await Exists(cancellationToken))
            return "not there; the services need an empty database of that name";
        await using var connection = await Databases.Open(server, server.Database!, cancellationToken);
        var schemas = new List<string>();
        await using (var look = new NpgsqlCommand(Sql.Read("schemas"), connection))
        await using (var rows = await look.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
                schemas.Add(rows.GetString(0));
        }
        var quoted = new NpgsqlCommandBuilder();
        foreach (var schema in schemas)
        {
            await using var drop = new NpgsqlCommand($"drop schema {quoted.QuoteIdentifier(schema)} cascade", connection);
            drop.CommandTimeout = 0;
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }
        return $"{schemas.Count} schemas dropped";
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<bool> Exists(CancellationToken cancellationToken)
    {
        await using var connection = await Databases.Open(server, "postgres", cancellationToken);
        await using var look = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection);
        look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = server.Database! });
        return (bool)(await look.ExecuteScalarAsync(cancellationToken))!;
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return Databases.Patient(
                new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "cqrs" });
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"--readmodels is no connection string: {exception.Message}", exception);
        }
    }
}
