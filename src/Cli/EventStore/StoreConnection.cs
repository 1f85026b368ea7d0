using System.CommandLine;
using Commerce.EventLog;
using EventStore;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Cli.EventStore;

/// <summary>Where the log is: the option that every command of <c>cqrs event-store</c> shares.</summary>
internal static class StoreConnection
{
    public const string Variable = "ConnectionStrings__commerce";

    public static Option<string?> Option { get; } = new("--connection")
    {
        Description = $"Npgsql connection string of the database commerce (else {Variable}).",
    };

    /// <exception cref="InvalidDataException">There is no connection string, or it is none.</exception>
    public static NpgsqlDataSource Open(ParseResult parsed) =>
        new NpgsqlDataSourceBuilder(Server(parsed).ConnectionString).Build();

    /// <summary>Where the database is, and as whom to go there.</summary>
    /// <exception cref="InvalidDataException">There is no connection string, or it is none.</exception>
    public static NpgsqlConnectionStringBuilder Server(ParseResult parsed)
    {
        var text = parsed.GetValue(Option) ?? Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidDataException(
                $"""
                Where is the log? Give --connection or set {Variable}, as in
                  export {Variable}='Host=localhost;Port=5432;Username=postgres;Password=…;Database=commerce'
                While the app host runs, the dashboard shows the value: Resources, commerce, connection string.
                """);
        }
        try
        {
            // One caller at a time: a tool must not take the services' connections away.
            var server = new NpgsqlConnectionStringBuilder(text)
            {
                ApplicationName = "cqrs",
                MaxPoolSize = 8,
                Timeout = 5,
            };
            return string.IsNullOrWhiteSpace(server.Host)
                ? throw new InvalidDataException("The connection string names no host: give it as Host=…")
                : server;
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The connection string cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>The log, opened for one command. The schema is left as it is: the services migrate.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private OpenStore(NpgsqlDataSource dataSource, EventTypes types)
    {
        DataSource = dataSource;
        Types = types;
        Events = new PostgresEventStore(dataSource, types, new EventStoreOptions { AppendWriters = 1 }.WithKeysFrom(
            new ConfigurationBuilder().AddEnvironmentVariables().Build()));
    }

    public NpgsqlDataSource DataSource { get; }

    public EventTypes Types { get; }

    public PostgresEventStore Events { get; }

    /// <param name="raw">Without the types of the domain: every event comes as its stored JSON.</param>
    public static OpenStore From(ParseResult parsed, bool raw = false) =>
        new(StoreConnection.Open(parsed), raw ? new EventTypes() : CommerceEvents.Types());

    public async ValueTask DisposeAsync()
    {
        await Events.DisposeAsync();
        await DataSource.DisposeAsync();
    }
}
