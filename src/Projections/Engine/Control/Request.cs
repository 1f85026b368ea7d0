using Npgsql;

namespace Projections.Engine.Control;

/// <summary>What an operator asks of a projection.</summary>
/// <param name="Action">rebuild, drop, retry, skip or check.</param>
/// <param name="Build">Of drop; null: every build that is not live.</param>
/// <param name="From">Of rebuild: the position to begin behind.</param>
/// <param name="Stream">Of retry and skip; null: every parked stream.</param>
/// <param name="Sample">Of check: how many entities.</param>
/// <param name="Repair">Of check: whether to set entities right that differ from the log.</param>
internal sealed record Request(
    string Projection, long Id, string Action, int? Build, long? From, string? Stream, string By, int? Sample,
    bool Repair)
{
    /// <summary>Gives a row for each open request of some projections: <see cref="Read"/>.</summary>
    public static string ReadOpenSql { get; } = EmbeddedText.Read("Engine/Control/ReadRequests.sql");

    /// <summary>The open requests of a projection, the oldest first.</summary>
    public static async Task<IReadOnlyList<Request>> ReadOpen(
        string projection, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReadOpenSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [projection] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var requests = new List<Request>();
        while (await reader.ReadAsync(cancellationToken))
            requests.Add(Read(reader));
        return requests;
    }

    /// <summary>The request of a reader's current row.</summary>
    public static Request Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt64(1), reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt64(4),
        reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetString(6),
        reader.IsDBNull(7) ? null : reader.GetInt32(7), reader.GetBoolean(8));
}

/// <summary>A request that is answered with a refusal, in words for the operator.</summary>
internal sealed class RequestRefusedException(string message) : Exception(message);
