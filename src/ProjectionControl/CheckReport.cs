using System.Text.Json;

namespace ProjectionControl;

/// <summary>What a comparison of a read model with the log came to.</summary>
/// <param name="Position">Compared as both were at this position of the log, or a later one.</param>
/// <param name="Checked">Entities that were compared.</param>
/// <param name="Unclear">
/// Entities that could not be judged: a stream of theirs is parked or archived, or moves too fast.
/// </param>
/// <param name="Differences">The entities that differed.</param>
/// <param name="Repaired">Whether the differing ones were set to what the log says.</param>
public sealed record CheckReport(
    string Projection, long Position, int Checked, int Unclear, IReadOnlyList<EntityDifference> Differences, bool Repaired)
{
    /// <summary>As the text of an answer.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <exception cref="JsonException">It is none.</exception>
    public static CheckReport FromJson(string text) =>
        JsonSerializer.Deserialize<CheckReport>(text, JsonSerializerOptions.Web)
        ?? throw new JsonException("The report is empty.");
}

/// <summary>An entity of which the model says something else than the log.</summary>
/// <param name="Entity">Its key, such as <c>demo/TEA-1</c>.</param>
public sealed record EntityDifference(string Entity, IReadOnlyList<ValueDifference> Values);

/// <summary>One value that differs.</summary>
/// <param name="Name">Of the property; <c>(row)</c> where one side has no row at all.</param>
/// <param name="Model">As JSON; null: nothing.</param>
/// <param name="Log">As JSON; null: nothing.</param>
public sealed record ValueDifference(string Name, string? Model, string? Log);
