namespace Projections.Engine.Postgres;

/// <summary>Where a projection's rows are in PostgreSQL.</summary>
/// <param name="Definition">
/// The file that makes the tables, in a schema of the build's own; behind the line <c>-- publish</c> it makes the views
/// that readers use, in schema <c>read</c>.
/// </param>
/// <param name="Table">
/// The table of the rows: the key's and the row's properties in snake case, and <c>position bigint</c>, the last event
/// that changed the row. Texts, numbers, dates and the like are columns of their own type; anything else is jsonb.
/// </param>
/// <param name="Totals">The table of the totals, where the projection adds some up.</param>
internal sealed record PostgresStorage(string Definition, string Table, TotalsTable? Totals = null)
{
    private const string PublishMark = "-- publish";

    /// <summary>Makes the tables.</summary>
    public string CreateSql => Parts[0];

    /// <summary>Makes the views that show the tables to readers, in place of those that are there.</summary>
    public string PublishSql => Parts[1];

    private string[] Parts => EmbeddedText.Read(Definition).Split(PublishMark) is [_, _] parts
        ? parts
        : throw new InvalidOperationException(
            $"{Definition} must hold the line '{PublishMark}' once: tables before it, views of schema read behind it.");
}

/// <summary>A table that is added to, never set.</summary>
/// <param name="Group">The record that the figures are grouped by: its properties are the key columns.</param>
/// <param name="Count">The column (bigint) that sums the counts, where there is one.</param>
/// <param name="Amount">The column (numeric) that sums the amounts, where there is one.</param>
internal sealed record TotalsTable(string Name, Type Group, string? Count = null, string? Amount = null);
