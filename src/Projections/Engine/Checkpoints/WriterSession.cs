using System.Collections.Immutable;
using System.Data;
using Npgsql;
using NpgsqlTypes;
using Projections.Engine.Postgres;

namespace Projections.Engine.Checkpoints;

/// <summary>
/// A session of PostgreSQL that fills a build: it writes the checkpoint and, in PostgreSQL, the rows. With a lease it
/// is the right to fill a declaration's builds, held by one instance at a time as an advisory lock: whoever loses the
/// lock has lost the session and can no longer write. Not for concurrent use: hold <see cref="Turn"/>.
/// </summary>
/// <remarks>A pooler between program and server must pool by session, not by transaction.</remarks>
internal sealed class WriterSession : IAsyncDisposable
{
    private static readonly string TakeLeaseSql = EmbeddedText.Read("Engine/Checkpoints/TakeLease.sql");
    private static readonly string LeaseSettingsSql = EmbeddedText.Read("Engine/Checkpoints/LeaseSettings.sql");
    private static readonly string AdvanceSql = EmbeddedText.Read("Engine/Checkpoints/Advance.sql");
    private static readonly string RewindSql = EmbeddedText.Read("Engine/Checkpoints/Rewind.sql");
    private static readonly string UnparkSql = EmbeddedText.Read("Engine/Checkpoints/Unpark.sql");
    private static readonly string ReparkSql = EmbeddedText.Read("Engine/Checkpoints/Repark.sql");
    private static readonly string ParkSql = EmbeddedText.Read("Engine/Checkpoints/Park.sql");
    private static readonly string ReadSkippedSql = EmbeddedText.Read("Engine/Checkpoints/ReadSkipped.sql");
    private static readonly string ProgressSql = EmbeddedText.Read("Engine/Checkpoints/Progress.sql");
    private static readonly string ReadParkedSql = EmbeddedText.Read("Engine/Checkpoints/ReadParked.sql");

    /// <summary>This process, as it is named in the tables.</summary>
    public static string Instance { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    private static readonly string ReturnLeaseSql = EmbeddedText.Read("Engine/Checkpoints/ReturnLease.sql");
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim turn = new(1);

    private readonly NpgsqlDataSource? notes;

    /// <param name="notes">Where notes about the filling go; null: over the connection that fills.</param>
    private WriterSession(NpgsqlConnection connection, NpgsqlDataSource? notes = null)
    {
        Connection = connection;
        this.notes = notes;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>The build that this session fills.</summary>
    public Build Build { get; private set; } = null!;

    /// <summary>The checkpoint as this session left it.</summary>
    public long Position { get; private set; }

    /// <summary>Streams left out.</summary>
    public ParkedStreams Parked { get; private set; } = ParkedStreams.None;

    /// <summary>
    /// A session without a lease, for a build beside the live one. It fills in long transactions; what it notes
    /// meanwhile is to be seen, so that goes over other connections.
    /// </summary>
    public static async Task<WriterSession> OpenBeside(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.Execute("SELECT set_config('synchronous_commit', 'off', false)", cancellationToken);
        return new WriterSession(connection, database);
    }

    /// <summary>Tries to become the writer of a declaration's builds; null: another instance is.</summary>
    public static async Task<WriterSession?> TryAcquire(
        NpgsqlDataSource database, IReadModel model, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = connection.CreateCommand().With(
                TakeLeaseSql, $"{model.Name}/{model.Version}/{model.Fingerprint}");
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                await connection.Execute(LeaseSettingsSql, cancellationToken);
                return new WriterSession(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Starts on a build: from its checkpoint, without its parked streams.</summary>
    public async Task Take(Build build, CancellationToken cancellationToken)
    {
        Build = build;
        Position = build.Position;
        var skipped = await Skipped(cancellationToken);
        var parked = ImmutableDictionary.CreateBuilder<string, long>();
        await using var command = Connection.CreateCommand().With(ReadParkedSql, build.Projection, build.Number);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            parked.Add(reader.GetString(0), reader.GetInt64(1));
        Parked = new ParkedStreams(parked.ToImmutable(), skipped);
    }

    /// <summary>Waits until nobody else uses the session; dispose the answer to give it back.</summary>
    public async Task<TurnHeld> Turn(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        return new TurnHeld(turn);
    }

    /// <summary>
    /// The statement that moves the checkpoint, to go with the rows; then call <see cref="Advanced"/>.
    /// </summary>
    public NpgsqlBatchCommand AdvanceCommand(Advance advance)
    {
        var command = new NpgsqlBatchCommand(AdvanceSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Build.Projection });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Build.Number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = advance.From });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = advance.To });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = advance.Head });
        command.Parameters.Add(Time(advance.LastEventAt));
        command.Parameters.Add(Time(advance.AsOf));
        return command;
    }

    public void Advanced(Advance advance) => Position = advance.To;

    /// <summary>Moves the checkpoint by itself, after another store has taken the data.</summary>
    public async Task Mirror(Advance advance, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(Connection);
        batch.BatchCommands.Add(AdvanceCommand(advance));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        Advanced(advance);
    }

    /// <summary>Puts the checkpoint to what the store really holds.</summary>
    public async Task Rewind(long position, CancellationToken cancellationToken)
    {
        await Connection.Execute(RewindSql, cancellationToken, Build.Projection, Build.Number, position);
        Position = position;
    }

    /// <summary>Tells how far a rebuild is.</summary>
    public Task Progress(long seen, long head, double rate, CancellationToken cancellationToken) =>
        Note(ProgressSql, cancellationToken, Build.Projection, Build.Number, seen, head, rate);

    /// <summary>
    /// Records streams that are left out from now on. To be done before the checkpoint passes the events.
    /// </summary>
    public async Task Park(IReadOnlyList<PoisonEvent> poison, CancellationToken cancellationToken)
    {
        foreach (var (recorded, error) in poison)
        {
            await Note(
                ParkSql, cancellationToken, Build.Projection, Build.Number, recorded.Stream, recorded.Version,
                recorded.Position, recorded.EventId, recorded.Type, error.ToString());
        }

        Parked = Parked.With(poison);
    }

    /// <summary>
    /// The statement that takes a stream off the list of parked ones, or leaves it there from another event on; to go
    /// with the rows. Then call <see cref="Closed"/>.
    /// </summary>
    public NpgsqlBatchCommand ClosingCommand(string stream, PoisonEvent? refused)
    {
        var command = new NpgsqlBatchCommand(refused is null ? UnparkSql : ReparkSql);
        object[] values = refused is { Event: var recorded, Error: var error }
            ?
            [
                Build.Projection, Build.Number, stream, recorded.Version, recorded.Position, recorded.EventId,
                recorded.Type, error.ToString(),
            ]
            : [Build.Projection, Build.Number, stream];
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public void Closed(string stream, PoisonEvent? refused)
    {
        Parked = Parked.Without(stream);
        if (refused is not null)
            Parked = Parked.With(refused);
    }

    /// <summary>Leaves an event out from now on.</summary>
    public void Skip(long position) => Parked = Parked.Skipping(position);

    private async Task Note(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        if (notes is null)
        {
            await Connection.Execute(sql, cancellationToken, parameters);
            return;
        }

        await using var connection = await notes.OpenConnectionAsync(cancellationToken);
        await connection.Execute(sql, cancellationToken, parameters);
    }

    private async Task<ImmutableHashSet<long>> Skipped(CancellationToken cancellationToken)
    {
        var skipped = ImmutableHashSet.CreateBuilder<long>();
        await using var command = Connection.CreateCommand().With(ReadSkippedSql, Build.Projection, Build.Version);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            skipped.Add(reader.GetInt64(0));
        return skipped.ToImmutable();
    }

    /// <summary>
    /// Gives the lease back at once: the pool would reset the session only when it is used again, and until then others
    /// would stand by, or the idle session would be ended under the pool's hands.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(ReturnWithin);
        try
        {
            if (Connection.State is ConnectionState.Open)
                await Connection.Execute(ReturnLeaseSql, limit.Token);
        }
        catch (Exception lost) when (lost is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The session is gone, or in a transaction that failed: the lease goes with it, or with the pool's reset.
        }

        await Connection.DisposeAsync();
        turn.Dispose();
    }

    private static NpgsqlParameter Time(DateTimeOffset? time) => new()
    {
        Value = time is { } known ? known.ToUniversalTime() : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    internal readonly struct TurnHeld(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
