using System.CommandLine;
using Npgsql;
using ProjectionControl;

namespace Cli.Projections;

/// <summary>Where the read models' database is: the option that every projection command shares.</summary>
internal static class ProjectionConnection
{
    private const string Variable = "ConnectionStrings__readmodels";

    public static Option<string?> Option { get; } = new("--readmodels")
    {
        Description = $"Connection string of the database readmodels (else {Variable}).",
    };

    /// <exception cref="InvalidDataException">None is given, or it is none.</exception>
    public static NpgsqlDataSource Open(ParseResult parsed)
    {
        // Not as the option's default: help would print it, password and all.
        var text = parsed.GetValue(Option) ?? Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidDataException(
                $"the database of the read models is not known: give --readmodels or set {Variable} (the dashboard "
                + "shows it with the projections' environment)");
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text)
            {
                ApplicationName = "cqrs",
                Timeout = 5,
                CommandTimeout = 15,
            };
            return NpgsqlDataSource.Create(connection);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"--readmodels is no connection string of PostgreSQL: {exception.Message}");
        }
    }

    /// <summary>Runs a command and turns what a user can mend into a line on standard error and an exit code.</summary>
    public static async Task<int> Run(
        ParseResult parsed,
        Func<ProjectionOperations, CancellationToken, Task<int>> work,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var database = Open(parsed);
            return await work(new ProjectionOperations(database), cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
            return ExitCodes.BadInput;
        }
        catch (ProjectionsMissingException exception)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
            return ExitCodes.BadInput;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"cqrs: the database of the read models: {exception.Message}");
            return ExitCodes.Unavailable;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cqrs: stopped; what was asked for goes on.");
            return ExitCodes.Interrupted;
        }
    }
}
