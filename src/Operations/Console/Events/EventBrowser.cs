using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Operations.Storage;

namespace Operations.Console.Events;

/// <summary>
/// The event log, newest first, as it is stored: it needs neither the types of the events nor the keys of personal
/// data, which stays sealed. Every answer looks at so many events at most, however large the log is.
/// </summary>
internal sealed class EventBrowser([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    /// <summary>Events that one answer looks at where a filter leaves few of them.</summary>
    private const int Window = 20_000;

    /// <summary>For people: nothing is escaped that a text need not have escaped.</summary>
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="EventLogMissingException">The database has no event log.</exception>
    public async Task<EventList> List(EventQuery query, CancellationToken cancellationToken)
    {
        var (walk, key) = query switch
        {
            { Stream: { } stream } => ("walk-stream", stream),
            { Tag: { } tag } => ("walk-tag", tag),
            { Type: { } type } => ("walk-type", type),
            _ => ("walk-log", null),
        };
        var looks = key is null && !query.Checks ? query.Size : Window;
        await using var command = database.CreateCommand(Browse(walk)).With(
            query.Before, looks, query.Size, Text(query.Type), Text(query.Tenant), Text(query.Tag),
            Time(query.Since), Time(query.Until));
        if (key is not null)
            command.With(key);
        return await Answered(async () =>
        {
            (long Looked, long? Lowest) searched = default;
            List<EventView> events = [];
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                searched = (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1));
                if (!row.IsDBNull(2))
                    events.Add(Event(row, 2));
            }

            var full = events.Count == query.Size;
            var next = full ? events[^1].Position : searched.Looked == looks ? searched.Lowest : null;
            return new EventList(events, next, full ? events[^1].Position : searched.Lowest);
        });
    }

    /// <returns>Null: there is no event at this position, or it is archived.</returns>
    /// <exception cref="EventLogMissingException">The database has no event log.</exception>
    public async Task<EventDetail?> Find(long position, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<EventBrowser>("find-event")).With(position);
        return await Answered(async () =>
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
                return null;
            using var data = JsonDocument.Parse(row.GetString(14));
            return new EventDetail(Event(row, 0), JsonSerializer.Serialize(data.RootElement, Indented));
        });
    }

    private static string Browse(string walk) => Sql.Beside<EventBrowser>("browse")
        .Replace("{walk}", Sql.Beside<EventBrowser>(walk), StringComparison.Ordinal);

    private static EventView Event(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), row.GetString(first + 1), row.GetInt64(first + 2), row.GetString(first + 3),
        row.GetInt32(first + 4), row.GetString(first + 5), row.GetDateTime(first + 6), row.GetGuid(first + 7),
        row.GetGuid(first + 8), row.Maybe<string>(first + 9), row.Maybe<string>(first + 10),
        row.Maybe<string>(first + 11), Trace(row.Maybe<string>(first + 12)), row.Maybe<string[]>(first + 13) ?? []);

    private static string? Trace(string? parent) =>
        ActivityContext.TryParse(parent, null, out var context) ? context.TraceId.ToHexString() : null;

    private static NpgsqlParameter Text(string? value) => Sql.Typed(NpgsqlDbType.Text, value);

    private static NpgsqlParameter Time(DateTime? value) => Sql.Typed(NpgsqlDbType.TimestampTz, value);

    private static async Task<T> Answered<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (PostgresException missing) when (missing.SqlState is "42P01" or "3F000" or "42703")
        {
            throw new EventLogMissingException(
                "This database has no event log of this version: start a service that writes events once.", missing);
        }
    }
}

/// <summary>The tables of the event store are not there.</summary>
internal sealed class EventLogMissingException(string message, Exception inner) : Exception(message, inner);
