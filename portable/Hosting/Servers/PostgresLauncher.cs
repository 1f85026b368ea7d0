using System.Globalization;
using Npgsql;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;
using Portable.Hosting.Running;

namespace Portable.Hosting.Servers;

/// <summary>Runs a private PostgreSQL server.</summary>
internal sealed class PostgresLauncher(PostgresServerResource server) : IResourceLauncher
{
    /// <summary>
    /// Modest for a developer's machine, and durable: fsync and synchronous_commit keep their defaults. JIT costs more
    /// than it gains on short queries. Under load (three other transactions open) a commit waits 0.4 ms for others to
    /// share its write to the disk, of which there is one.
    /// </summary>
    private static readonly string[] Settings =
    [
        "shared_buffers=256MB", "effective_cache_size=1GB", "work_mem=16MB", "maintenance_work_mem=128MB",
        "max_connections=400", "max_wal_size=2GB", "wal_compression=on", "random_page_cost=1.1", "jit=off",
        "commit_delay=400", "commit_siblings=3", "log_min_messages=warning", "log_line_prefix=", "log_checkpoints=off",
    ];

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static readonly string? Account = Environment.UserName == "root" ? "postgres" : null;

    public Requirement Requirement => PostgresInstallation.Requirement;

    public async Task<IRunningProcess> Launch(Launch launch, CancellationToken cancellationToken)
    {
        var guardFile = Path.Combine(launch.DataFolder, "guard.pid");
        await Leftovers.Wait(guardFile, cancellationToken);
        var data = Path.Combine(launch.DataFolder, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION"))) await Initialize(launch.DataFolder, data, cancellationToken);
        ForgetDeadPostmaster(data);
        var port = server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        string[] own = [$"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", .. Settings];
        return await GuardedProcess.Start(
            new ProcessSpecification(
                Path.Combine(PostgresInstallation.For(data).Folder, "postgres"),
                ["-D", data, .. own.SelectMany(setting => new[] { "-c", setting })],
                launch.DataFolder)
            {
                User = Account,
                StopSignal = "INT", // fast shutdown: ends sessions, writes a checkpoint
                StopGrace = TimeSpan.FromSeconds(30),
                GuardFile = guardFile,
            },
            launch.Write,
            cancellationToken);
    }

    /// <summary>Creates the databases that are missing.</summary>
    public async Task Ready(CancellationToken cancellationToken)
    {
        await using var connection = await PostgresHealthCheck.Connect(server, cancellationToken);
        foreach (var database in server.Databases.Values)
        {
            await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
            exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database });
            if (await exists.ExecuteScalarAsync(cancellationToken) is not null) continue;
            var quoted = database.Replace("\"", "\"\"");
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{quoted}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Makes a new cluster beside its final place, so that an interrupted attempt leaves nothing half-made there.
    /// </summary>
    private async Task Initialize(string folder, string data, CancellationToken cancellationToken)
    {
        var installation = PostgresInstallation.Newest
            ?? throw new DistributedApplicationException("PostgreSQL is missing: apt-get install postgresql");
        var (unfinished, password) = (Path.Combine(folder, "data.new"), Path.Combine(folder, "password"));
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await PrivateFile.Write(
            password, await server.PasswordParameter.GetValueAsync(cancellationToken) ?? "", cancellationToken);
        try
        {
            if (Account is not null)
            {
                await Must("chown", [Account, unfinished, password], null, folder, cancellationToken);
                await Must("test", ["-w", unfinished], Account, folder, cancellationToken);
            }
            var user = await server.UserNameReference.GetValueAsync(cancellationToken);
            await Must(
                Path.Combine(installation.Folder, "initdb"),
                [
                    "-D", unfinished, "-U", user ?? PostgresServerResource.DefaultUserName, $"--pwfile={password}",
                    "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
                ],
                Account, folder, cancellationToken);
        }
        finally
        {
            File.Delete(password);
        }
        if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
        Directory.Move(unfinished, data);
    }

    private static async Task Must(
        string program, string[] arguments, string? user, string folder, CancellationToken cancellationToken)
    {
        var (code, output) = await Command.Run(program, arguments, user, cancellationToken);
        if (code == 0) return;
        throw new DistributedApplicationException(program == "test"
            ? $"The user {user}, as whom PostgreSQL runs, can't reach {folder}. Choose a folder that others may enter: " +
                "--data DIR."
            : $"PostgreSQL's data can't be made in {folder}: {Path.GetFileName(program)} said: {output}");
    }

    /// <summary>
    /// Deletes the pid file of a server that is gone. PostgreSQL does so itself, unless the number has meanwhile gone
    /// to another process.
    /// </summary>
    private static void ForgetDeadPostmaster(string data)
    {
        var file = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(file)) return;
        var known = int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var id);
        if (!known || !ProcessTable.Arguments(id).Contains(data)) File.Delete(file);
    }
}
