using Npgsql;
using Operations.Http;
using Operations.Storage;

namespace Operations.EventLog;

/// <summary>What happened, for the events page.</summary>
internal sealed record EventLogItem(
    string Id, string Description, EventSeverity Severity, DateTime RaisedAt, string[] RelatedTo, string Category,
    string EventType);

internal enum EventSeverity
{
    Critical,
    Error,
    Warning,
    Info,
}

/// <summary>Writes and reads the event log.</summary>
internal sealed class EventLogStore([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string Raise = Sql.Beside<EventLogStore>("raise-event");

    /// <summary>Notes an event in the transaction of what it is about.</summary>
    public static Task Add(
        NpgsqlTransaction transaction, LoggedEvent happened, CancellationToken cancellationToken) =>
        transaction.Execute(
            Raise,
            cancellationToken,
            happened.Severity.ToString().ToLowerInvariant(),
            happened.Category,
            happened.Type,
            happened.Description,
            happened.RelatedTo.ToArray());

    public async Task<(List<EventLogItem> Items, long Total)> List(Paging paging, CancellationToken cancellationToken)
    {
        await using var count = database.CreateCommand(Sql.Beside<EventLogStore>("count-events"));
        var total = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        await using var list = database.CreateCommand(Sql.Beside<EventLogStore>("list-events"))
            .With(paging.Offset, (long)paging.Size);
        var items = await list.Read(
            row => new EventLogItem(
                row.GetInt64(0).ToString(null, null),
                row.GetString(1),
                Enum.Parse<EventSeverity>(row.GetString(2), ignoreCase: true),
                row.GetDateTime(3),
                row.GetFieldValue<string[]>(4),
                row.GetString(5),
                row.GetString(6)),
            cancellationToken);
        return (items, total);
    }
}

/// <summary>An event to be noted.</summary>
/// <param name="Category">What the events page chooses icon and link by, such as <c>MessageFailures</c>.</param>
internal sealed record LoggedEvent(EventSeverity Severity, string Category, string Type, string Description)
{
    public const string MessageFailures = "MessageFailures";
    public const string Recoverability = "Recoverability";
    public const string MessageRedirects = "MessageRedirects";

    public IReadOnlyList<string> RelatedTo { get; init; } = [];

    public static IReadOnlyList<string> Messages(IEnumerable<Guid> ids) =>
        [.. ids.Take(100).Select(id => $"/message/{id}")];

    public static IReadOnlyList<string> Group(string id) => [$"/recoverability/groups/{id}"];
}
