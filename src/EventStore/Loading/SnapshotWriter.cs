using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace EventStore.Loading;

/// <summary>
/// Takes snapshots beside the commands' path: offering one never waits and never fails. When more are offered than can
/// be written, some are left out; a later load offers them again.
/// </summary>
internal sealed class SnapshotWriter : IAsyncDisposable
{
    private static readonly string SaveSql = Sql.Read("Loading/save_snapshot.sql");

    private readonly NpgsqlDataSource dataSource;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<string, bool> impossible = new(StringComparer.Ordinal);
    private readonly Channel<Snapshot> offered;
    private readonly Task writing;

    public SnapshotWriter(NpgsqlDataSource dataSource, ILogger logger)
    {
        this.dataSource = dataSource;
        this.logger = logger;
        offered = Channel.CreateBounded<Snapshot>(
            new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        writing = Task.Run(Write);
    }

    /// <param name="version">Version of the last event in it.</param>
    /// <param name="position">Position of the last event in it.</param>
    public void Offer<TState>(string stream, Fold<TState> fold, TState state, long version, long position)
    {
        if (!impossible.ContainsKey(fold.Name))
        {
            offered.Writer.TryWrite(Snapshot.Of(stream, fold, state, version, position));
        }
    }

    public async ValueTask DisposeAsync()
    {
        offered.Writer.TryComplete();
        await writing;
    }

    private async Task Write()
    {
        await foreach (var snapshot in offered.Reader.ReadAllAsync())
        {
            try
            {
                await Save(snapshot);
            }
            catch (NpgsqlException e)
            {
                logger.LogWarning(e, "The snapshot of {Stream} at version {Version} was not kept.",
                    snapshot.Stream, snapshot.Version);
            }
            catch (Exception e)
            {
                impossible.TryAdd(snapshot.Fold, true);
                logger.LogError(e, "Fold {Fold} gets no snapshots: its state cannot be stored as JSON and read back.",
                    snapshot.Fold);
            }
        }
    }

    /// <summary>Keeps one now.</summary>
    /// <exception cref="NotSupportedException">Its state cannot be stored as JSON and read back.</exception>
    public async Task Save(Snapshot snapshot, CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand(SaveSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = snapshot.Stream });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = snapshot.Fold });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = snapshot.SchemaVersion });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = snapshot.Version });
        command.Parameters.Add(
            new NpgsqlParameter<byte[]> { TypedValue = snapshot.Encode(), NpgsqlDbType = NpgsqlDbType.Json });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = snapshot.Position });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
