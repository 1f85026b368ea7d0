using System.Text.Json;
using Cli.Tests.EventStore;
using CommandLog;
using Commerce.Contracts.Catalog;
using Commerce.EventLog;
using EventStore;
using Npgsql;
using Servers;

namespace Cli.Tests.Backup;

/// <summary><c>cqrs backup</c> and <c>cqrs restore</c> of a log without services, on a real server.</summary>
public sealed class BackupTests(TestServers servers) : IAsyncLifetime
{
    private const int Products = 30;

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("cqrs-");
    private string connection = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(temporary.FullName, "backup");

    public async ValueTask InitializeAsync()
    {
        connection = await servers.NewDatabase(Cancel);
        await using var database = NpgsqlDataSource.Create(connection);
        await Migrator.Migrate(database, Cancel);
        await Append(0, Products);
    }

    public ValueTask DisposeAsync()
    {
        temporary.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_backed_up_comes_back_and_what_came_later_does_not()
    {
        await Execute(
            "insert into commandlog.commands (command_id, tenant, type, status) values (gen_random_uuid(), 'demo', 'PlaceOrder', 'accepted')");
        var backup = Json(await Command.Run("backup", "--to", Folder, "--connection", connection, "--settle", "0", "--json"));
        Assert.Equal(Products, backup.GetProperty("events").GetInt64());
        Assert.Equal(1, backup.GetProperty("unsettled").GetInt64());
        await Append(Products, 5);
        var drawn = await Scalar<long>("select last_value from eventstore.positions");

        (await Restore("--from", Folder)).IsRefused(2, "holds an event log up to position", "--replace");
        var restored = Json(await Restore("--from", Folder, "--replace", "--yes", "--json"));

        Assert.Equal(Products, await Scalar<long>("select count(*) from eventstore.events where type = 'product-registered'"));
        Assert.Equal("failed", await Scalar<string>("select status from commandlog.commands"));
        Assert.Equal(1, await Scalar<long>("select count(*) from recovery.restores where resumed_at is null"));
        await Append(Products, 1);
        Assert.True(await Scalar<long>("select max(position) from eventstore.events") > drawn);
        var above = restored.GetProperty("continuation").GetProperty("above").GetInt64();
        Assert.True(await Scalar<long>(
            "select min(position) from eventstore.events where type = 'log-restored'") > Math.Max(above, drawn));
        var verified = await Command.Run("event-store", "verify", "--connection", connection);
        Assert.Contains("The log is sound.", verified.IsDone(), StringComparison.Ordinal);
        var kept = restored.GetProperty("keptAs").GetString()!;
        Assert.Equal(Products + 5, await Scalar<long>("select count(*) from eventstore.events", kept));
    }

    [Fact]
    public async Task A_backup_is_restored_into_a_database_that_is_not_there()
    {
        (await Command.Run("backup", "--to", Folder, "--connection", connection)).IsDone();
        var elsewhere = new NpgsqlConnectionStringBuilder(connection);
        elsewhere.Database += "_elsewhere";

        var restored = await Command.Run(
            "restore", "--from", Folder, "--connection", elsewhere.ConnectionString, "--yes", "--gap", "7", "--json");

        Assert.Equal(
            Products + 7, Json(restored).GetProperty("continuation").GetProperty("above").GetInt64());
        Assert.Equal(Products + 2, await Scalar<long>("select count(*) from eventstore.events", elsewhere.Database));
    }

    [Fact]
    public async Task Nothing_is_restored_while_somebody_is_at_work_on_the_database()
    {
        (await Command.Run("backup", "--to", Folder, "--connection", connection)).IsDone();
        await using var open = new NpgsqlConnection($"{connection};Application Name=order-desk;Pooling=false");
        await open.OpenAsync(Cancel);

        (await Restore("--from", Folder, "--replace", "--yes")).IsRefused(2, "order-desk", "Stop the services");
    }

    [Fact]
    public async Task A_damaged_backup_is_noticed_and_not_restored()
    {
        (await Command.Run("backup", "--to", Folder, "--connection", connection)).IsDone();
        (await Command.Run("backup", "--verify", Folder)).IsDone();
        var largest = new DirectoryInfo(Folder).EnumerateFiles("*.gz", SearchOption.AllDirectories).MaxBy(file => file.Length)!;
        var content = await File.ReadAllBytesAsync(largest.FullName, Cancel);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(largest.FullName, content, Cancel);

        var checkedAgain = await Command.Run("backup", "--verify", Folder);

        Assert.Equal(ExitCodes.Failed, checkedAgain.ExitCode);
        Assert.Contains(largest.Name, checkedAgain.Output, StringComparison.Ordinal);
        (await Restore("--from", Folder, "--replace", "--yes")).IsRefused(2, "damaged", largest.Name);
        Assert.Equal(Products, await Scalar<long>("select count(*) from eventstore.events"));
    }

    [Fact]
    public async Task Bad_input_is_refused_in_one_line()
    {
        var empty = temporary.CreateSubdirectory("empty").FullName;
        await File.WriteAllTextAsync(Path.Combine(temporary.CreateSubdirectory("full").FullName, "x"), "x", Cancel);

        (await Command.Run("backup", "--to", Path.Combine(temporary.FullName, "full"), "--connection", connection)).IsRefused(2, "not empty");
        (await Command.Run("backup", "--to", Folder, "--connection", connection, "--pg-bin", empty)).IsRefused(2, "pg_dump", "--pg-bin");
        (await Command.Run("backup", "--to", Folder, "--connection", "Host=localhost;Port=1;Database=x")).IsRefused(3, "does not answer");
        (await Command.Run("backup", "--verify", empty)).IsRefused(2, "no complete backup");
        (await Restore("--from", empty, "--yes")).IsRefused(2, "no complete backup");
        (await Command.Run(
            "restore", "--reconcile", "--yes", "--connection", connection, "--elasticsearch", "http://localhost:1")).IsRefused(3, "Elasticsearch");
        Assert.False(Directory.Exists(Folder));
        Assert.False(Directory.Exists(Folder + ".partial"));
    }

    private Task<Outcome> Restore(params string[] arguments) =>
        Command.Run(["restore", "--connection", connection, .. arguments]);

    private async Task Append(int from, int count)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var store = new PostgresEventStore(
            database, CommerceEvents.Types(), new EventStoreOptions { PartitionSize = 1000 });
        await store.Migrate(Cancel);
        foreach (var number in Enumerable.Range(from, count))
        {
            var sku = $"SKU-{number}";
            var registered = new ProductRegistered("demo", sku, "Thing", null, null, "Things", new(7.40m, "GBP"));
            var metadata = new EventMetadata(Guid.CreateVersion7(), "demo", DateTimeOffset.UtcNow);
            Assert.IsType<Appended>(await store.Append(
                new AppendRequest([new StreamAppend($"product/demo/{sku}", ExpectedVersion.NoStream, [registered])], metadata), Cancel));
        }
    }

    private async Task<T> Scalar<T>(string statement, string? databaseName = null)
    {
        var there = new NpgsqlConnectionStringBuilder(connection) { Pooling = false };
        there.Database = databaseName ?? there.Database;
        await using var database = new NpgsqlConnection(there.ConnectionString);
        await database.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(statement, database);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private Task Execute(string statement) => Scalar<object>($"with done as ({statement} returning 1) select count(*) from done");

    private static JsonElement Json(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == ExitCodes.Success, $"exit code {outcome.ExitCode}: {outcome.Error}{outcome.Output}");
        return JsonDocument.Parse(outcome.Output).RootElement;
    }
}
