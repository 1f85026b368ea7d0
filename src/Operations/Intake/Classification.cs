using Operations.Broker;
using Operations.Groups;

namespace Operations.Intake;

/// <summary>Puts a failure into one group of each classifier; ids and titles are those of ServiceControl.</summary>
internal static class Classification
{
    /// <summary>The group of this classifier; null where the message lacks what it classifies by.</summary>
    public static MessageGroup? Of(
        Classifier classifier,
        IReadOnlyDictionary<string, string> headers,
        string? messageType,
        EndpointAddress? receiver)
    {
        var title = classifier switch
        {
            Classifier.Exception => ExceptionAndFrame(headers),
            Classifier.MessageType => messageType,
            Classifier.EndpointAddress => headers.GetValueOrDefault(HeaderNames.FailedQueue),
            Classifier.EndpointInstance =>
                headers.GetValueOrDefault(HeaderNames.InstanceId) ?? receiver?.HostId.ToString("N"),
            Classifier.EndpointName => receiver?.Name,
            _ => throw new ArgumentOutOfRangeException(nameof(classifier), classifier, "no classifier"),
        };
        return title is null ? null : new MessageGroup(classifier.GroupId(title), classifier, title);
    }

    /// <summary>The exception's type and the method that threw it.</summary>
    private static string? ExceptionAndFrame(IReadOnlyDictionary<string, string> headers)
    {
        if (!headers.TryGetValue(HeaderNames.ExceptionType, out var type))
            return null;
        var trace = headers.GetValueOrDefault(HeaderNames.StackTrace, "");
        // The trace begins with the message, which may hold lines that look like frames.
        if (headers.GetValueOrDefault(HeaderNames.ExceptionMessage) is { Length: > 0 } message)
            trace = trace.Replace(message, "", StringComparison.Ordinal);
        return $"{type}: {FirstFrame(trace) ?? "No stacktrace"}";
    }

    /// <summary><c>Type.Method(Parameters)</c> of the first line <c>at …</c>.</summary>
    internal static string? FirstFrame(string trace)
    {
        foreach (var line in trace.AsSpan().EnumerateLines())
        {
            var frame = line.Trim();
            if (!frame.StartsWith("at ", StringComparison.Ordinal))
                continue;
            frame = frame[3..];
            var open = frame.IndexOf('(');
            var close = open < 0 ? -1 : frame[open..].IndexOf(')');
            if (close > 0)
                return $"{frame[..open].TrimEnd()}{frame[open..(open + close + 1)]}";
        }

        return null;
    }
}
