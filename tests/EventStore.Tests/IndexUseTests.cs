using System.Text.Json.Nodes;
using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>What the statements cost in a log of 120,000 events in three partitions: indexes, not scans.</summary>
public sealed class IndexUseTests(IndexUseTests.BigLog log) : IClassFixture<IndexUseTests.BigLog>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_of_the_log_is_read_by_position_in_its_partition_alone()
    {
        var plan = await log.Explain("read_log", "110000, 115000, null, null, null, 1000");
        Assert.Equal(["events_from_100000_pkey"], plan.Indexes);
        Assert.Equal(["events_from_100000"], plan.Tables);
        Assert.InRange(plan.Pages, 1, 100);
    }

    [Fact]
    public async Task The_end_of_the_log_is_followed_in_the_last_partition_alone()
    {
        var plan = await log.Explain("head_by_row", "118000");
        Assert.Equal(["events_from_100000_pkey"], plan.Indexes);
        Assert.InRange(plan.Pages, 1, 100);
    }

    [Fact]
    public async Task A_rare_type_is_found_by_its_index()
    {
        var plan = await log.Explain("read_types", "0, 120000, array['item-removed'], null, null, 1000");
        Assert.Contains("events_from_0_type_position_idx", plan.Indexes);
        Assert.All(plan.Scans, scan => Assert.DoesNotContain("Seq", scan));
        Assert.InRange(plan.Pages, 1, 200);
    }

    [Fact]
    public async Task A_tag_is_found_by_its_index()
    {
        var plan = await log.Explain("read_tags", "0, 120000, null, null, null, 1000, array['course:7']");
        Assert.Contains("tagged_from_0_pkey", plan.Indexes);
        Assert.All(plan.Scans, scan => Assert.DoesNotContain("Seq", scan));
        Assert.InRange(plan.Pages, 1, 1200);
    }

    [Theory]
    [InlineData("read_stream_forward", "'basket/demo/17', 1, 1000, 0")]
    [InlineData("read_stream_backward", "'basket/demo/17', 1, 1000000, 1000")]
    [InlineData("read_streams", "array['basket/demo/17'], array[1000]")]
    public async Task A_stream_is_read_by_its_index(string statement, string arguments)
    {
        var plan = await log.Explain(statement, arguments);
        Assert.Contains("streams_pk", plan.Indexes);
        Assert.Contains("events_from_0_stream_id_version_idx", plan.Indexes);
        Assert.All(plan.Scans, scan => Assert.DoesNotContain("Seq", scan));
        Assert.InRange(plan.Pages, 1, 300);
    }

    [Fact]
    public async Task A_condition_is_judged_by_the_index_of_its_tag()
    {
        await using var connection = await log.DataSource.OpenConnectionAsync(Cancel);
        // More than the five calls for which PostgreSQL plans anew.
        for (var i = 0; i < 8; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            var condition = new AppendCondition(
                new LogFilter(["item-removed"], Tags: [$"course:{i + 1}"]), After: 0);
            var request = To(NewStream()) with { Conditions = [condition] };
            var (scannedBefore, fetchedBefore) = await Counts(connection);
            Assert.IsType<Appended>(await log.Store.Append(request, transaction, Cancel));
            var (scanned, fetched) = await Counts(connection);
            Assert.Equal(0, scanned - scannedBefore);
            // The tag is on 120 events, whose types are looked at.
            Assert.InRange(fetched - fetchedBefore, 1, 300);
        }
    }

    [Fact]
    public async Task A_stream_is_loaded_by_its_index()
    {
        await using var connection = await log.DataSource.OpenConnectionAsync(Cancel);
        for (var i = 0; i < 8; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            var stream = $"basket/demo/{100 + i}";
            var (scannedBefore, fetchedBefore) = await Counts(connection);
            var loaded = await log.Store.Load([stream], Basket.Fold(), transaction, Cancel);
            var (scanned, fetched) = await Counts(connection);
            Assert.Equal(60, loaded[stream].Version);
            Assert.Equal(0, scanned - scannedBefore);
            Assert.Equal(60, fetched - fetchedBefore);
        }
    }

    /// <summary>Rows of the log that a connection has read since its counts were sent to the statistics.</summary>
    private static async Task<(long Scanned, long Fetched)> Counts(NpgsqlConnection connection)
    {
        await using var count = new NpgsqlCommand(
            """
            select sum(seq_tup_read)::bigint, sum(idx_tup_fetch)::bigint from pg_stat_xact_user_tables
            where schemaname = 'eventstore' and relname ~ '^(events|tagged)_from_'
            """,
            connection);
        await using var counts = await count.ExecuteReaderAsync(Cancel);
        await counts.ReadAsync(Cancel);
        return (counts.GetInt64(0), counts.GetInt64(1));
    }

    public sealed class BigLog(TestServers servers) : IAsyncLifetime
    {
        public NpgsqlDataSource DataSource { get; private set; } = null!;

        public PostgresEventStore Store { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            DataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
            Store = new PostgresEventStore(DataSource, Types(), new EventStoreOptions { PartitionSize = 50_000 });
            await Store.Migrate(Cancel);
            await using var fill = DataSource.CreateCommand(
                """
                insert into eventstore.streams (stream, version)
                select 'basket/demo/' || n, 60 from generate_series(1, 2000) as n;

                insert into eventstore.events (
                    stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, data,
                    tags)
                select id, round, now(), gen_random_uuid(), gen_random_uuid(), 1, stream,
                       case when round = 1 and id % 100 = 0 then 'item-removed' else 'item-added' end, 'demo',
                       '{"item":"x","quantity":1,"price":2.5}', array['course:' || id % 1000]
                from generate_series(1, 60) as round, eventstore.streams
                order by round, id;

                insert into eventstore.tagged (tag, position) select tags[1], position from eventstore.events;
                """);
            await fill.ExecuteNonQueryAsync(Cancel);
            await using var analyze = DataSource.CreateCommand("vacuum analyze");
            await analyze.ExecuteNonQueryAsync(Cancel);
        }

        /// <summary>The plan that serves any arguments, and what it did for these.</summary>
        public async Task<Plan> Explain(string statement, string arguments)
        {
            using var file = new StreamReader(typeof(PostgresEventStore).Assembly.GetManifestResourceStream(
                $"EventStore.Reading.{statement}.sql")!);
            await using var connection = await DataSource.OpenConnectionAsync(Cancel);
            await using var prepare = new NpgsqlCommand(
                $"set plan_cache_mode = force_generic_plan; prepare explained as {await file.ReadToEndAsync(Cancel)}",
                connection);
            await prepare.ExecuteNonQueryAsync(Cancel);
            await using var explain = new NpgsqlCommand(
                $"explain (analyze, buffers, format json) execute explained ({arguments})", connection);
            var plan = Plan.Of(JsonNode.Parse((string)(await explain.ExecuteScalarAsync(Cancel))!)![0]!["Plan"]!);
            // The pool may hand out the same connection again.
            await using var forget = new NpgsqlCommand("deallocate explained; reset plan_cache_mode", connection);
            await forget.ExecuteNonQueryAsync(Cancel);
            return plan;
        }

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            await DataSource.DisposeAsync();
        }
    }

    /// <param name="Scans">Kinds of the scans that ran.</param>
    /// <param name="Pages">Read from the cache or the disk.</param>
    public sealed record Plan(
        IReadOnlyCollection<string> Scans, IReadOnlyCollection<string> Indexes, IReadOnlyCollection<string> Tables,
        int Pages)
    {
        public static Plan Of(JsonNode top)
        {
            // The table of archives has a row for each archived partition: a statement looks through it once.
            var nodes = Nodes(top)
                .Where(node => node["Actual Loops"]!.GetValue<double>() > 0)
                .Where(node => (string?)node["Relation Name"] != "archives")
                .ToList();
            return new Plan(
                [.. Texts(nodes, "Node Type").Where(type => type.Contains("Scan", StringComparison.Ordinal))],
                [.. Texts(nodes, "Index Name")],
                [.. Texts(nodes, "Relation Name")],
                top["Shared Hit Blocks"]!.GetValue<int>() + top["Shared Read Blocks"]!.GetValue<int>());
        }

        private static IEnumerable<string> Texts(IEnumerable<JsonNode> nodes, string name) =>
            nodes.Select(node => (string?)node[name]).OfType<string>().Distinct();

        private static IEnumerable<JsonNode> Nodes(JsonNode node) =>
            (node["Plans"]?.AsArray() ?? []).SelectMany(child => Nodes(child!)).Prepend(node);
    }
}
