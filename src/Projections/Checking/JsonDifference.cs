using System.Text.Json;
using ProjectionControl;

namespace Projections.Checking;

/// <summary>Finds what differs between two rows. Numbers are the same by value, members in any order.</summary>
internal static class JsonDifference
{
    /// <param name="model">Null: the model has no row.</param>
    /// <param name="log">Null: by the log there is none.</param>
    public static IReadOnlyList<ValueDifference> Of(JsonElement? model, JsonElement? log)
    {
        if (model is { ValueKind: JsonValueKind.Object } left && log is { ValueKind: JsonValueKind.Object } right)
        {
            return
            [
                .. Names(left).Union(Names(right)).Order(StringComparer.Ordinal)
                    .Where(name => !Same(Member(left, name), Member(right, name)))
                    .Select(name => new ValueDifference(
                        name, Member(left, name)?.GetRawText(), Member(right, name)?.GetRawText())),
            ];
        }

        return Same(model, log) ? [] : [new ValueDifference("(row)", model?.GetRawText(), log?.GetRawText())];
    }

    private static IEnumerable<string> Names(JsonElement row) => row.EnumerateObject().Select(member => member.Name);

    private static JsonElement? Member(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? value : null;

    private static bool Same(JsonElement? left, JsonElement? right) =>
        left is { } one && right is { } other ? JsonElement.DeepEquals(one, other) : left is null && right is null;
}
