using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace EventStore.Bench;

/// <summary>
/// message-db (github.com/message-db/message-db, MIT), the event store on PostgreSQL that callers know through its
/// function <c>write_message</c>: installed from npm into a database of its own on the same server.
/// </summary>
internal sealed class MessageDb : IAsyncDisposable
{
    private const string Package = "@eventide/message-db@1.3.1";

    /// <summary>The folders of its scripts, in the order in which they have to run.</summary>
    private static readonly string[] Folders = ["schema", "extensions", "tables", "types", "functions", "indexes"];

    private readonly NpgsqlDataSource dataSource;
    private int next;

    private MessageDb(NpgsqlDataSource dataSource) => this.dataSource = dataSource;

    /// <returns>Null where it cannot be had; the reason is told on standard error.</returns>
    public static async Task<MessageDb?> Install(string database)
    {
        var folder = Directory.CreateTempSubdirectory("message-db-");
        try
        {
            if (await Download(folder.FullName) is { } problem)
            {
                Console.Error.WriteLine($"Without message-db: {problem}");
                return null;
            }
            var dataSource = NpgsqlDataSource.Create(
                database + ";Search Path=message_store,public;Maximum Pool Size=100;No Reset On Close=true");
            foreach (var script in await Scripts(folder.EnumerateFiles("*.tgz").Single().FullName))
            {
                await using var command = dataSource.CreateCommand(script);
                await command.ExecuteNonQueryAsync();
            }
            return new MessageDb(dataSource);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Clients that write one message after the other, each to any of 20,000 streams of one category.
    /// </summary>
    /// <returns>Messages written.</returns>
    public async Task<long> Write(int clients, TimeSpan length)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var (count, start) = (0L, Stopwatch.GetTimestamp());
            await using var connection = await dataSource.OpenConnectionAsync();
            for (; Stopwatch.GetElapsedTime(start) < length; count++)
                await Write(connection);
            return count;
        })));
        return counts.Sum();
    }

    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    private async Task Write(NpgsqlConnection connection)
    {
        var n = Interlocked.Increment(ref next);
        var metadata = Sample.Metadata();
        await using var command = new NpgsqlCommand(
            "select write_message($1, $2, 'line-reserved', $3::jsonb, $4::jsonb)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = metadata.CommandId.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"stock-{n % 20_000:00000}" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Json(Sample.Event(n)) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Json(metadata) });
        await command.PrepareAsync();
        await command.ExecuteNonQueryAsync();

        static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
    }

    /// <returns>What was in the way; null when the package is in the folder.</returns>
    private static async Task<string?> Download(string folder)
    {
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["pack", "--silent", Package])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var (output, error) = (
                npm.StandardOutput.ReadToEndAsync(patience.Token), npm.StandardError.ReadToEndAsync(patience.Token));
            await npm.WaitForExitAsync(patience.Token);
            await output;
            return npm.ExitCode == 0 ? null : $"npm pack {Package}: {(await error).Trim()}";
        }
        catch (Win32Exception)
        {
            return "npm is needed to get it: apt-get install npm";
        }
        catch (OperationCanceledException)
        {
            return $"npm pack {Package} took longer than two minutes";
        }
    }

    private static async Task<IEnumerable<string>> Scripts(string archive)
    {
        var scripts = new List<(int Folder, string Sql)>();
        await using var file = File.OpenRead(archive);
        await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        await using var entries = new TarReader(unpacked);
        while (await entries.GetNextEntryAsync() is { } entry)
        {
            var folder = Array.IndexOf(Folders, Path.GetFileName(Path.GetDirectoryName(entry.Name)));
            if (folder < 0 || !entry.Name.EndsWith(".sql", StringComparison.Ordinal))
                continue;
            using var reader = new StreamReader(entry.DataStream!, Encoding.UTF8);
            scripts.Add((folder, await reader.ReadToEndAsync()));
        }
        return scripts.OrderBy(script => script.Folder).Select(script => script.Sql);
    }
}
