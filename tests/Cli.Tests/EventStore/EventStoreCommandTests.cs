using System.Diagnostics;
using System.Text.Json;
using Commerce.EventLog;
using EventStore;
using Npgsql;
using Servers;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Cli.Tests.EventStore;

/// <summary><c>cqrs event-store</c> at a user's hands, on a real server.</summary>
public sealed class EventStoreCommandTests(TestServers servers) : IAsyncLifetime
{
    private const string Product = "product/demo/85123A";
    private const string Renamed = """{"type":"product-renamed","data":{"tenant":"demo","sku":"85123A","name":"Lantern"}}""";

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("cqrs-");
    private string connection = null!;
    private NpgsqlDataSource dataSource = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        connection = await servers.NewDatabase(Cancel);
        dataSource = NpgsqlDataSource.Create(connection);
        await using var store = new PostgresEventStore(
            dataSource, CommerceEvents.Types(), new EventStoreOptions { PartitionSize = 1000 });
        await store.Migrate(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await dataSource.DisposeAsync();
        temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task Events_are_appended_printed_and_appended_elsewhere()
    {
        var appended = (await Cqrs.RunWith(Renamed, connection, "append", Product, "--expect", "none", "--json")).IsDone();
        Assert.Equal(1, JsonDocument.Parse(appended).RootElement.GetProperty("version").GetInt64());
        (await Cqrs.RunWith(Renamed, connection, "append", Product, "--dry-run")).IsDone();

        var printed = (await Cqrs.Run(connection, "stream", Product)).IsDone();
        var line = JsonDocument.Parse(Assert.Single(Lines(printed))).RootElement;
        Assert.Equal("Lantern", line.GetProperty("data").GetProperty("name").GetString());
        (await Cqrs.RunWith(printed, connection, "append", "product/other/85123A")).IsDone();
        Assert.Equal(2, Lines((await Cqrs.Run(connection, "stream")).IsDone()).Length);
    }

    [Fact]
    public async Task Bad_input_is_refused_in_one_line_and_changes_nothing()
    {
        var missing = Path.Combine(temporary.FullName, "missing.json");
        var huge = Path.Combine(temporary.FullName, "huge.json");
        await File.WriteAllTextAsync(huge, Renamed.Replace("Lantern", new string('x', 10_000_000), StringComparison.Ordinal), Cancel);

        (await Append("{")).IsRefused(2, "standard input, line 1");
        (await Append("")).IsRefused(2, "no event");
        (await Append(Renamed.Replace("Lantern", "\\u0000", StringComparison.Ordinal))).IsRefused(2, "NUL", "data.name");
        (await Append(Renamed.Replace("product-renamed", "made-up", StringComparison.Ordinal))).IsRefused(2, "'made-up'");
        (await Append(Renamed, "--expect", "7")).IsRefused(1, Product, "version 0", "7");
        (await Append(Renamed, "--file", missing)).IsRefused(2, missing);
        (await Append(Renamed, "--file", temporary.FullName)).IsRefused(2, temporary.FullName);
        (await Append(Renamed, "--file", huge)).IsRefused(2, "10,0", "1,048,576");
        (await Cqrs.RunWith(Renamed, connection, "append", new string('s', 300) + "/demo/1")).IsRefused(2, "at most 200");
        Assert.Empty(Lines((await Cqrs.Run(connection, "stream")).IsDone()));

        Task<Outcome> Append(string input, params string[] options) =>
            Cqrs.RunWith(input, connection, ["append", Product, .. options]);
    }

    [Fact]
    public async Task What_is_no_number_age_time_or_choice_is_named()
    {
        string[][] wrong =
        [
            ["stream", "--from", "many"], ["stream", "--limit", "0"], ["stream", "--since", "soon"],
            ["stream", "--from", "9", "--to", "1"], ["stream", "--backward"], ["replay", Product, "--to", "0"],
            ["stats", "--top", "-1"], ["append", Product, "--expect", "maybe"], ["append", Product, "--command-id", "7"],
            ["archive", "--to", "x", "--older-than", "old"], ["archive", "--to", "x"],
            ["archive", "--to", "x", "--before", "0"], ["restore", "--from", "x", "--partition", "first"],
            ["erase"], ["tombstone", Product], ["tombstone"], ["unheard-of"],
        ];
        foreach (var arguments in wrong)
        {
            var outcome = await Cqrs.Run(connection, arguments);
            Assert.True(
                outcome.ExitCode == ExitCodes.BadInput && outcome.Error.Length > 0,
                $"{string.Join(' ', arguments)}: exit code {outcome.ExitCode}, {outcome.Error}");
        }
    }

    [Fact]
    public async Task Unknown_streams_and_subjects_are_told_with_exit_code_1()
    {
        (await Cqrs.Run(connection, "stream", "product/demo/none")).IsRefused(1, "product/demo/none");
        (await Cqrs.Run(connection, "replay", "product/demo/none")).IsRefused(1, "product/demo/none");
        (await Cqrs.Run(connection, "replay", "nothing/demo/none")).IsRefused(2, "nothing/demo/none", "product/");
        (await Cqrs.Run(connection, "tombstone", "product/demo/none", "--reason", "x", "--yes"))
            .IsRefused(1, "product/demo/none");
        (await Cqrs.Run(connection, "erase", "--subject", "customer/demo/none", "--yes")).IsRefused(1, "customer/demo/none");
    }

    [Fact]
    public async Task A_wrong_connection_string_and_a_server_that_is_away_are_told_apart()
    {
        var empty = await servers.NewDatabase(Cancel);
        foreach (var command in new[] { "stats", "verify" })
        {
            (await Cqrs.Run("Host=", command)).IsRefused(2, "connection string");
            (await Cqrs.Run("nonsense", command)).IsRefused(2, "connection string");
            (await Cqrs.Run("Host=127.0.0.1;Port=1;Username=x;Database=y", command)).IsRefused(3, "does not answer");
            (await Cqrs.Run(connection.Replace("Database=", "Database=no_", StringComparison.Ordinal), command))
                .IsRefused(2, "does not exist");
            (await Cqrs.Run(empty, command)).IsRefused(2, "no event store");
        }
        var none = await Cqrs.Run(null, "stats");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("--connection", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_closed_once_and_appends_to_it_are_refused()
    {
        (await Cqrs.RunWith(Renamed, connection, "append", Product)).IsDone();
        (await Cqrs.Run(connection, "tombstone", Product, "--reason", "a mistake")).IsRefused(2, "--yes");
        Assert.Contains(
            "Nothing was changed",
            (await Cqrs.Run(connection, "tombstone", Product, "--reason", "a mistake", "--dry-run")).IsDone(),
            StringComparison.Ordinal);

        (await Cqrs.Run(connection, "tombstone", Product, "--reason", "a mistake", "--yes")).IsDone();
        var again = (await Cqrs.Run(connection, "tombstone", Product, "--reason", "again", "--yes", "--json")).IsDone();
        Assert.True(JsonDocument.Parse(again).RootElement.GetProperty("already").GetBoolean());
        (await Cqrs.RunWith(Renamed, connection, "append", Product)).IsRefused(1, Product, "closed", "a mistake");
        Assert.Contains("$tombstone", (await Cqrs.Run(connection, "stream", Product)).IsDone(), StringComparison.Ordinal);
        (await Cqrs.Run(connection, "replay", Product)).IsDone();
        (await Cqrs.Run(connection, "verify")).IsDone();
    }

    [Fact]
    public async Task Old_events_go_to_files_are_read_there_and_come_back()
    {
        var files = Path.Combine(temporary.FullName, "log");
        var events = string.Join('\n', Enumerable.Repeat(Renamed, 1500));
        (await Cqrs.RunWith(events, connection, "append", Product)).IsDone();
        (await Cqrs.RunWith(Renamed, connection, "append", Product)).IsDone();

        Assert.Contains("1 streams", (await Archive("--dry-run")).IsDone(), StringComparison.Ordinal);
        (await Archive()).IsRefused(2, "--yes");
        Assert.False(Directory.Exists(files));
        (await Archive("--yes")).IsDone();

        (await Cqrs.Run(connection, "stream")).IsRefused(1, "archived", "cqrs event-store restore --from");
        (await Cqrs.Run(connection, "stream", Product)).IsRefused(1, "archived");
        (await Cqrs.Run(connection, "replay", Product)).IsRefused(1, "archived");
        Assert.Equal(502, Lines((await Cqrs.Run(connection, "stream", "--from", "1000")).IsDone()).Length);
        Assert.Equal(999, Lines((await Cqrs.Run(null, "stream", "--archive", files)).IsDone()).Length);
        Assert.Equal(2, Lines((await Cqrs.Run(null, "stream", Product, "--archive", files, "--from", "998")).IsDone()).Length);
        Assert.Contains("999 events", (await Cqrs.Run(connection, "verify")).IsDone(), StringComparison.Ordinal);
        Assert.Contains("archived", (await Cqrs.Run(connection, "stats")).IsDone(), StringComparison.Ordinal);
        (await Cqrs.Run(connection, "restore", "--from", files + "x")).IsRefused(2, files + "x");

        (await Cqrs.Run(connection, "restore", "--from", files, "--json")).IsDone();
        Assert.Equal(1501, Lines((await Cqrs.Run(connection, "stream", Product)).IsDone()).Length);
        (await Cqrs.Run(connection, "restore", "--from", files)).IsDone();

        Task<Outcome> Archive(params string[] options) =>
            Cqrs.Run(connection, ["archive", "--to", files, "--before", "2000", .. options]);
    }

    [Fact]
    public async Task A_directory_that_is_a_file_is_refused_and_nothing_is_archived()
    {
        (await Cqrs.RunWith(string.Join('\n', Enumerable.Repeat(Renamed, 1500)), connection, "append", Product)).IsDone();
        (await Cqrs.RunWith(Renamed, connection, "append", Product)).IsDone();
        var file = Path.Combine(temporary.FullName, "file");
        await File.WriteAllTextAsync(file, "", Cancel);
        (await Cqrs.Run(connection, "archive", "--to", file, "--before", "2000", "--yes")).IsRefused(2, file);
        Assert.Equal(1501, Lines((await Cqrs.Run(connection, "stream")).IsDone()).Length);
    }

    [Fact]
    public async Task A_reader_is_refused_what_takes_the_owner()
    {
        (await Cqrs.RunWith(Renamed, connection, "append", Product)).IsDone();
        var reader = $"{connection};Options=-c role=eventstore_reader";
        (await Cqrs.Run(reader, "stream", Product)).IsDone();
        (await Cqrs.Run(reader, "verify")).IsDone();
        (await Cqrs.RunWith(Renamed, reader, "append", Product)).IsRefused(2, "permission denied");
        (await Cqrs.Run(reader, "tombstone", Product, "--reason", "x", "--yes")).IsRefused(2, "permission denied");
        (await Cqrs.Run(reader, "tombstone", Product, "--reason", "x", "--dry-run")).IsDone();
    }

    [Fact(Timeout = 60_000)]
    public async Task Ctrl_C_ends_following_in_good_order()
    {
        (await Cqrs.RunWith(Renamed, connection, "append", Product)).IsDone();
        using var following = Cqrs.Start(connection, "stream", "--follow");
        var first = await following.StandardOutput.ReadLineAsync(Cancel);
        Assert.Contains("Lantern", first, StringComparison.Ordinal);
        using (var interrupt = Process.Start("kill", ["-INT", following.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await interrupt.WaitForExitAsync(Cancel);
        await following.WaitForExitAsync(Cancel);
        Assert.Equal(ExitCodes.Interrupted, following.ExitCode);
        Assert.Empty(await following.StandardError.ReadToEndAsync(Cancel));
    }

    [Theory]
    [InlineData("append")]
    [InlineData("stream")]
    [InlineData("replay")]
    [InlineData("verify")]
    [InlineData("stats")]
    [InlineData("erase")]
    [InlineData("tombstone")]
    [InlineData("archive")]
    [InlineData("restore")]
    public async Task Every_commands_help_shows_examples(string command) => Assert.Contains(
        $"cqrs event-store {command}", (await Cqrs.Run(null, command, "--help")).IsDone(), StringComparison.Ordinal);

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
