using Npgsql;

namespace Workflows.Recovery;

/// <summary>Finds in the database what is under way.</summary>
internal sealed class OpenWork([FromKeyedServices("commerce")] NpgsqlDataSource database)
{
    /// <summary>Ids of messages that were handled, and whose outgoing messages are not known to have left.</summary>
    public Task<IReadOnlyList<string>> Undispatched(CancellationToken cancellationToken) =>
        Names("undispatched", cancellationToken);

    /// <summary>The orders that have a saga, by the names of their streams.</summary>
    public async Task<IReadOnlySet<string>> Sagas(CancellationToken cancellationToken) =>
        (await Names("sagas", cancellationToken)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The streams of orders that are neither completed nor canceled.</summary>
    public Task<IReadOnlyList<string>> Orders(CancellationToken cancellationToken) =>
        Names("open-orders", cancellationToken);

    /// <summary>The streams of payments and shipments of which bank or carrier may not have been told.</summary>
    public Task<IReadOnlyList<string>> Calls(CancellationToken cancellationToken) =>
        Names("open-calls", cancellationToken);

    private async Task<IReadOnlyList<string>> Names(string statement, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Read(statement));
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
            names.Add(rows.GetString(0));
        return names;
    }
}
