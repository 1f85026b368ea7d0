using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests.Archiving;

/// <summary>A log of small partitions, filled with several of them, and a directory for files.</summary>
internal sealed class ArchivedLog : IAsyncDisposable
{
    public const int Size = 1000;

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("archive-");

    private ArchivedLog(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
        Store = NewStore();
        Archive = new LogArchive(DataSource);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public PostgresEventStore Store { get; }

    public LogArchive Archive { get; }

    public string Files => Path.Combine(temporary.FullName, "files");

    public static ArchiveOptions Forced { get; } = new("ann", Force: true);

    /// <summary>Everything that is complete.</summary>
    public static ArchiveSelection All { get; } = new(Before: long.MaxValue);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Five streams, each with events in every partition, the first ones tagged.</summary>
    public static async Task<ArchivedLog> Make(TestServers servers, int events = 3500)
    {
        var log = new ArchivedLog(await servers.NewDatabase(Cancel));
        await log.Store.Migrate(Cancel);
        // Far enough ahead that no append meets one missing, is tried again and leaves a hole.
        await log.Execute($"select eventstore.add_partitions({Size}, 8)");
        for (var written = 0; written < events; written += 100)
        {
            var stream = $"basket/demo/{written / 100 % 5}";
            object[] batch = [.. Enumerable.Range(1, 100).Select(Added)];
            batch[0] = new Tagged(batch[0], ["first", $"of:{stream}", "an \"odd\", {one}\\"]);
            Assert.IsType<Appended>(await log.Store.Append(
                new AppendRequest([new StreamAppend(stream, ExpectedVersion.Any, batch)], Metadata()), Cancel));
        }
        return log;
    }

    public PostgresEventStore NewStore() =>
        new(DataSource, Types(), new EventStoreOptions { PartitionSize = Size, PageSize = 300 });

    public async Task<List<RecordedEvent>> Whole() => await Store.ReadLog(0, cancellationToken: Cancel).All();

    public async Task Execute(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await DataSource.DisposeAsync();
        temporary.Delete(recursive: true);
    }
}
