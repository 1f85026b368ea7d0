using System.Collections;
using System.CommandLine;

namespace Cli.Connections;

/// <summary><c>cqrs connections</c>: where the servers are, as lines for a shell.</summary>
internal static class ConnectionsCommand
{
    private static readonly Option<string?> To = new("--to")
    {
        Description = "Write them to this file, which only its owner can read, instead of printing them.",
    };

    public static Command Create()
    {
        var command = new Command(
            "connections",
            """
            Prints where the servers are, as lines for a shell: the variables ConnectionStrings__… and services__… that it
            finds in its environment, and, made of them, addresses for other tools:

              URL      database commerce, for psql         READ     database readmodels, for psql
              BROKER   management API, for curl            REDIS    for redis-cli -u
              SEARCH   Elasticsearch, for curl

            They hold passwords. The app host writes them for the servers that it runs:

              dotnet run --project AppHost -- --CONNECTIONS_FILE=/tmp/cqrs.env
              . /tmp/cqrs.env

            Exit codes: 0 done; 2 there are none.

            Examples:
              eval "$(cqrs connections)"
              cqrs connections --to cqrs.env
            """)
        {
            To,
        };
        command.SetAction(parsed =>
        {
            var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
            var lines = ShellLines.Of(environment);
            if (lines.Count == 0)
            {
                Console.Error.WriteLine(
                    "cqrs: no variable ConnectionStrings__… is set. The app host writes them with "
                    + "--CONNECTIONS_FILE=FILE.");
                return ExitCodes.BadInput;
            }

            if (parsed.GetValue(To) is { Length: > 0 } file)
                Write(file, lines);
            else
                Console.Out.Write(string.Concat(lines.Select(line => $"{line}\n")));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Never there with passwords and open to others, not even for a moment.</summary>
    private static void Write(string file, IReadOnlyList<string> lines)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        foreach (var line in lines)
            writer.Write($"{line}\n");
    }
}
