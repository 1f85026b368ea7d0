using Npgsql;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Testing;

namespace Portable.Hosting.Tests.Servers;

public sealed class ServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_listens_on_loopback_with_a_password_and_ends_with_its_application()
    {
        var builder = Applications.Builder();
        var database = builder.AddPostgres("postgres").AddDatabase("shop");
        var application = await builder.Started(Cancel);
        int process;
        await using (application)
        {
            await application.Healthy("shop");
            var server = await application.Healthy("postgres");
            process = (int)server.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value!;
            var connectionString = await application.GetConnectionStringAsync("shop", Cancel);
            var settings = new NpgsqlConnectionStringBuilder(connectionString);

            Assert.Equal("127.0.0.1", settings.Host);
            Assert.Equal("shop", settings.Database);
            Assert.Equal("127.0.0.1", await Ask<string>(connectionString!, "SHOW listen_addresses"));
            Assert.Equal("on", await Ask<string>(connectionString!, "SHOW fsync"));
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => Ask<int>($"{connectionString};Password=wrong", "SELECT 1"));
            Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        }
        Assert.False(Directory.Exists($"/proc/{process}"));
        Assert.Equal("shop", database.Resource.DatabaseName);
    }

    [Fact]
    public async Task Data_of_a_volume_is_kept_between_runs_with_its_password()
    {
        using var folder = new TestFolder();
        string? password = null;
        for (var run = 1; run <= 2; run++)
        {
            var builder = Applications.Builder("--data", folder.Path);
            builder.AddPostgres("postgres").WithDataVolume().AddDatabase("shop");
            await using var application = await builder.Started(Cancel);
            await application.Healthy("shop");
            var connectionString = await application.GetConnectionStringAsync("shop", Cancel);
            var used = new NpgsqlConnectionStringBuilder(connectionString).Password;

            Assert.Equal(used, password ?? used);
            password = used;
            Assert.Equal(
                run, await Ask<long>(
                    connectionString!,
                    "CREATE TABLE IF NOT EXISTS runs (id int); INSERT INTO runs VALUES (1); SELECT count(*) FROM runs"));
        }
        var secrets = new FileInfo(folder.File("passwords.json"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, secrets.UnixFileMode);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_learns_who_holds_it()
    {
        using var folder = new TestFolder();
        var first = Applications.Builder("--data", folder.Path);
        first.AddRedis("redis").WithDataVolume();
        await using var application = await first.Started(Cancel);
        var second = Applications.Builder("--data", folder.Path);
        second.AddRedis("redis").WithDataVolume();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => second.Started(Cancel));

        Assert.Contains($"process {Environment.ProcessId}", failure.Message);
        Assert.Contains("--ephemeral", failure.Message);
    }

    [Fact]
    public async Task A_killed_server_comes_back_on_its_port_with_its_data()
    {
        var builder = Applications.Builder();
        builder.AddPostgres("postgres").AddDatabase("shop");
        await using var application = await builder.Started(Cancel);
        await application.Healthy("shop");
        var connectionString = (await application.GetConnectionStringAsync("shop", Cancel))!;
        await Ask<int>(connectionString, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1); SELECT 1");
        var before = await application.Healthy("postgres");

        await application.ResourceCommands.ExecuteCommandAsync("postgres", KnownResourceCommands.KillCommand, Cancel);
        await application.Reaches("postgres", snapshot =>
            snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            && snapshot.StartTimeStamp > before.Snapshot.StartTimeStamp);

        NpgsqlConnection.ClearAllPools();
        Assert.Equal(1, await Ask<long>(connectionString, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_stopped_server_starts_again()
    {
        var builder = Applications.Builder();
        builder.AddRedis("redis");
        await using var application = await builder.Started(Cancel);
        await application.Healthy("redis");

        await application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StopCommand, Cancel);
        await application.Reaches("redis", snapshot => snapshot.State?.Text == KnownResourceStates.Exited);
        await application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StartCommand, Cancel);

        await application.Healthy("redis");
    }

    [Fact]
    public async Task A_pid_file_left_by_a_crash_does_not_prevent_the_next_start()
    {
        using var folder = new TestFolder();
        for (var run = 1; run <= 2; run++)
        {
            var builder = Applications.Builder("--data", folder.Path);
            builder.AddPostgres("postgres").WithDataVolume();
            await using (var application = await builder.Started(Cancel)) await application.Healthy("postgres");
            // The number of a process that exists: PostgreSQL itself would take it for a living server.
            await File.WriteAllTextAsync(
                folder.File("postgres/data/postmaster.pid"), $"{Environment.ProcessId}\n", Cancel);
            await File.WriteAllTextAsync(folder.File("postgres/guard.pid"), $"{Environment.ProcessId}", Cancel);
        }
    }

    private static async Task<T> Ask<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
