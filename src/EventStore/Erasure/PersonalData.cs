using System.Text.Json;
using System.Text.Json.Nodes;
using EventStore.Serialization;

namespace EventStore.Erasure;

/// <summary>Seals personal members on their way into the log.</summary>
internal sealed class PersonalData(EventTypes types, SubjectKeys keys)
{
    /// <summary>The tag that events with a subject's data carry: it finds them again.</summary>
    public static string Tag(string subject) => $"subject:{subject}";

    /// <summary>The keys that an append will need. Asks nobody where no type has personal members.</summary>
    public ValueTask<IReadOnlyDictionary<string, SubjectKey>?> KeysFor(
        AppendRequest request, CancellationToken cancellationToken)
    {
        if (!types.HasPersonal)
            return default;
        var subjects = request.Streams
            .SelectMany(stream => stream.Events)
            .Select(SubjectOf)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return subjects.Count == 0 ? default : Fetch(subjects, cancellationToken);
    }

    private string? SubjectOf(object given)
    {
        var @event = given is Tagged tagged ? tagged.Event : given;
        return types.Find(@event.GetType())?.Personal?.Subject(@event);
    }

    private async ValueTask<IReadOnlyDictionary<string, SubjectKey>?> Fetch(
        HashSet<string> subjects, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
            Input.Check(subject, "subject of personal data", Input.MaxNameLength - Tag("").Length);
        return await keys.Of(subjects, cancellationToken);
    }
}
