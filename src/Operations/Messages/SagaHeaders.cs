using Operations.Broker;

namespace Operations.Messages;

/// <summary>Which sagas a message has to do with, read off its headers as ServiceControl reads them.</summary>
internal static class SagaHeaders
{
    /// <summary>
    /// <c>Type:Id;Type:Id</c>, with <c>Id:Change;Id:Change</c> beside it; without saga audit the one that the message
    /// is addressed to.
    /// </summary>
    public static IReadOnlyList<SagaInfo>? Invoked(IReadOnlyDictionary<string, string> headers)
    {
        if (!headers.TryGetValue(HeaderNames.InvokedSagas, out var invoked))
            return Named(headers, HeaderNames.SagaId, HeaderNames.SagaType) is { } addressed ? [addressed] : null;
        var changes = Changes(headers.GetValueOrDefault(HeaderNames.SagaStateChange, ""));
        List<SagaInfo> sagas = [];
        foreach (var part in invoked.Split(';').Distinct(StringComparer.Ordinal))
        {
            if (part.Split(':') is [var type, var id] && Guid.TryParse(id, out var known))
                sagas.Add(new SagaInfo(changes.GetValueOrDefault(known), type, known));
        }

        return sagas;
    }

    public static SagaInfo? Originating(IReadOnlyDictionary<string, string> headers) =>
        Named(headers, HeaderNames.OriginatingSagaId, HeaderNames.OriginatingSagaType);

    /// <summary>A saga that a message completes is completed, whatever else; one that it begins is new.</summary>
    private static Dictionary<Guid, string> Changes(string text)
    {
        Dictionary<Guid, string> changes = [];
        foreach (var part in text.Split(';'))
        {
            if (part.Split(':') is [var id, var change] && Guid.TryParse(id, out var saga)
                && (!changes.TryGetValue(saga, out var before) || Weight(change) > Weight(before)))
                changes[saga] = change;
        }

        return changes;
    }

    private static int Weight(string change) => change switch { "Completed" => 2, "New" => 1, _ => 0 };

    private static SagaInfo? Named(IReadOnlyDictionary<string, string> headers, string idHeader, string typeHeader) =>
        Guid.TryParse(headers.GetValueOrDefault(idHeader), out var id)
            ? new SagaInfo(null, headers.GetValueOrDefault(typeHeader, "Unknown").Split(',')[0], id)
            : null;
}
