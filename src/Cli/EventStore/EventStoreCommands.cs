using System.CommandLine;
using EventStore;
using Npgsql;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store …</c>: the log at an operator's hands.</summary>
internal static class EventStoreCommands
{
    public static Option<bool> Yes { get; } = new("--yes") { Description = "Do it without asking." };

    public static Command Create() => new(
        "event-store",
        $"""
        Reads, checks and looks after the event log in PostgreSQL.

        It connects as {StoreConnection.Variable} says, which the app host sets for its services and its dashboard
        shows, or as --connection says.

        Exit codes: 0 done; 1 it ran, and the answer is no (a conflict, a finding, an unknown stream); 2 bad input,
        nothing was changed; 3 the database does not answer; 130 stopped by Ctrl+C.
        """)
    {
        AppendCommand.Create(),
        StreamCommand.Create(),
        ReplayCommand.Create(),
        VerifyCommand.Create(),
        StatsCommand.Create(),
        EraseCommand.Create(),
        TombstoneCommand.Create(),
        ArchiveCommand.Create(),
        RestoreCommand.Create(),
    };

    /// <summary>A command of this family, with the options that all of them have.</summary>
    public static Command WithConnection(this Command command)
    {
        command.Options.Add(StoreConnection.Option);
        return command;
    }

    /// <summary>Asks before what cannot be undone, unless <c>--yes</c> is given.</summary>
    /// <exception cref="InvalidDataException">The answer is no, or nobody is there to answer.</exception>
    public static void Confirm(ParseResult parsed, string question)
    {
        if (parsed.GetValue(Yes))
            return;
        if (Console.IsInputRedirected)
            throw new InvalidDataException($"{question} Nobody is there to answer: give --yes.");
        Console.Error.Write($"{question} Type yes: ");
        if (Console.In.ReadLine()?.Trim() != "yes")
            throw new InvalidDataException("Nothing was changed.");
    }

    /// <summary>Turns what a user can mend into a line on standard error and an exit code.</summary>
    public static void SetGuardedAction(
        this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await work(parsed, cancellationToken);
            }
            catch (ReaderGoneException)
            {
                // `| head` has seen enough.
                return ExitCodes.Success;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Interrupted;
            }
            catch (PostgresException exception) when (exception.SqlState is
                PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName
                or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn)
            {
                return await Refuse(
                    ExitCodes.BadInput,
                    $"this database has no event store of this program's version ({exception.MessageText}). Start the "
                    + "services once, which migrate it, or correct the connection string.");
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege)
            {
                return await Refuse(
                    ExitCodes.BadInput, $"{exception.MessageText}. Connect with a role that may (docs/event-store.md).");
            }
            catch (PostgresException exception) when (
                exception.SqlState.StartsWith("28", StringComparison.Ordinal)
                || exception.SqlState is PostgresErrorCodes.InvalidCatalogName)
            {
                return await Refuse(ExitCodes.BadInput, $"{exception.MessageText}. Correct the connection string.");
            }
            catch (NpgsqlException exception)
            {
                return await Refuse(ExitCodes.Unavailable, $"the database does not answer: {exception.Message}");
            }
            catch (ReadFailedException exception)
            {
                return await Refuse(ExitCodes.BadInput, exception.Message);
            }
            catch (AppendFailedException exception)
            {
                return await Refuse(
                    exception.SqlState is null or PostgresErrorCodes.LockNotAvailable
                        ? ExitCodes.Unavailable
                        : ExitCodes.BadInput,
                    exception.Message);
            }
            catch (AppendOutcomeUnknownException exception)
            {
                return await Refuse(ExitCodes.Unavailable, exception.Message);
            }
            catch (Exception exception) when (exception is EventDataException or ArchivedEventsException)
            {
                return await Refuse(ExitCodes.Failed, exception.Message);
            }
            catch (Exception exception) when (exception is
                InvalidDataException or ArgumentException or InvalidOperationException or IOException
                or UnauthorizedAccessException)
            {
                return await Refuse(ExitCodes.BadInput, exception.Message);
            }
        });

    private static async Task<int> Refuse(int exitCode, string message)
    {
        await Console.Error.WriteLineAsync($"cqrs: {message}");
        return exitCode;
    }
}
