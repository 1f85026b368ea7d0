using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace Cli.Backup;

/// <summary>PostgreSQL's own programs: pg_dump and pg_restore of one version, in one folder.</summary>
internal sealed partial record PostgresPrograms(int Major, string Version, string Folder)
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>
    /// The programs for a server: of its version if they are here, else newer ones. Older ones cannot read it.
    /// </summary>
    /// <param name="folder">Where they have to be; null: where they usually are.</param>
    /// <exception cref="InvalidDataException">They are not there, or too old.</exception>
    public static async Task<PostgresPrograms> Find(string? folder, int server, CancellationToken cancellationToken)
    {
        var found = new List<PostgresPrograms>();
        foreach (var candidate in folder is null ? UsualFolders().Distinct() : [folder])
        {
            if (await In(candidate, cancellationToken) is { } programs)
                found.Add(programs);
        }
        if (found.Where(programs => programs.Major >= server).MinBy(programs => programs.Major) is { } fitting)
            return fitting;
        var what = found.Count == 0
            ? $"there is no pg_dump {(folder is null ? "on this machine" : $"in '{folder}'")}"
            : $"pg_dump is too old for a server of version {server}: {string.Join(", ", found.Select(each => $"{each.Version} in {each.Folder}"))}";
        throw new InvalidDataException(
            $"{what}. Install the client programs of PostgreSQL {server} or newer (Debian: postgresql-client-{server}), or "
            + "name their folder with --pg-bin.");
    }

    /// <summary>Runs one of the programs to its end.</summary>
    /// <param name="program">Its name, such as <c>pg_dump</c>.</param>
    /// <param name="told">Gets each line that it writes to standard error.</param>
    /// <exception cref="ProgramFailedException">It says that it failed.</exception>
    public async Task Run(
        string program,
        IEnumerable<string> arguments,
        NpgsqlConnectionStringBuilder? server,
        Action<string>? told,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, program + Suffix), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        Connect(start.Environment, server);
        using var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
        var errors = new Queue<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { Length: > 0 } text)
                return;
            told?.Invoke(text);
            if (!text.Contains(": error:", StringComparison.Ordinal) && !text.Contains(": detail:", StringComparison.Ordinal)
                && !text.Contains(": fatal:", StringComparison.Ordinal))
                return;
            errors.Enqueue(text);
            if (errors.Count > 5)
                errors.Dequeue();
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        if (process.ExitCode != 0)
        {
            throw new ProgramFailedException(
                errors.Count > 0 ? string.Join("; ", errors) : $"{program} ended with exit code {process.ExitCode}");
        }
    }

    /// <summary>By environment: arguments are for everybody on the machine to see.</summary>
    private static void Connect(IDictionary<string, string?> environment, NpgsqlConnectionStringBuilder? server)
    {
        environment["PGAPPNAME"] = "cqrs";
        environment["LC_ALL"] = "C"; // Errors are told from other lines by English words.
        if (server is null)
            return;
        environment["PGHOST"] = server.Host;
        environment["PGPORT"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        environment["PGUSER"] = server.Username;
        environment["PGDATABASE"] = server.Database;
        environment["PGPASSWORD"] = server.Password;
        environment["PGCONNECT_TIMEOUT"] = "30";
        environment["PGSSLMODE"] = server.SslMode switch
        {
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            var mode => mode.ToString().ToLowerInvariant(),
        };
        if (server.RootCertificate is { Length: > 0 } root)
            environment["PGSSLROOTCERT"] = root;
    }

    private static async Task<PostgresPrograms?> In(string folder, CancellationToken cancellationToken)
    {
        var program = Path.Combine(folder, "pg_dump" + Suffix);
        if (!File.Exists(program) || !File.Exists(Path.Combine(folder, "pg_restore" + Suffix)))
            return null;
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true });
        if (process is null)
            return null;
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var version = VersionNumber().Match(said);
        return version.Success
            ? new PostgresPrograms(
                int.Parse(version.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), version.Value, folder)
            : null;
    }

    /// <summary>
    /// Debian's and Red Hat's folders hold the real programs; what PATH has there only chooses among them.
    /// </summary>
    private static IEnumerable<string> UsualFolders()
    {
        string[] roots =
        [
            "/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"),
        ];
        foreach (var root in roots.Where(Directory.Exists))
        {
            foreach (var installed in Directory.EnumerateDirectories(root))
                yield return Path.Combine(installed, "bin");
        }
        if (Directory.Exists("/usr"))
        {
            foreach (var installed in Directory.EnumerateDirectories("/usr", "pgsql-*"))
                yield return Path.Combine(installed, "bin");
        }
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            if (folder.Length > 0)
                yield return folder;
        }
    }

    [GeneratedRegex(@"(\d+)(?:\.\d+)*")]
    private static partial Regex VersionNumber();
}

/// <summary>One of PostgreSQL's programs failed, in its own words.</summary>
internal sealed class ProgramFailedException(string message) : Exception(message);
