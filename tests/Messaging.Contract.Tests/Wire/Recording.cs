using System.Text.Json;

namespace Messaging.Contract.Tests.Wire;

/// <summary>
/// Messages of the real library, recorded once as data. With the environment variable <c>RECORD_WIRE</c> naming a
/// folder, the tests write what they see there instead of comparing.
/// </summary>
internal static class Recording
{
    private static readonly JsonSerializerOptions format = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Fails with the first message that is not as recorded.</summary>
    public static void AssertAsRecorded(string scenario, IReadOnlyList<WireMessage> seen)
    {
        if (Environment.GetEnvironmentVariable("RECORD_WIRE") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{scenario}.json"), Json(seen) + "\n");
            return;
        }

        var recorded = Load(scenario);
        Assert.Equal(recorded.Select(message => message.Name), seen.Select(message => message.Name));
        foreach (var (theirs, ours) in recorded.Zip(seen))
            Assert.Equal(Json([theirs]), Json([ours]));
    }

    public static IReadOnlyList<WireMessage> Load(string scenario)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream($"{scenario}.json")
            ?? throw new InvalidOperationException($"Nothing is recorded of '{scenario}': see RECORD_WIRE.");
        return JsonSerializer.Deserialize<WireMessage[]>(stream, format)!;
    }

    private static string Json(IReadOnlyList<WireMessage> messages) => JsonSerializer.Serialize(messages, format);
}
