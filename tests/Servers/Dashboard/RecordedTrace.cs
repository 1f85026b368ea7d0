namespace Servers.Dashboard;

/// <summary>A service instance that has sent telemetry to the dashboard, and which kinds of it.</summary>
public sealed record TelemetryResource(string Name, string? InstanceId, bool HasLogs, bool HasTraces, bool HasMetrics);

/// <summary>A log record as the dashboard has it.</summary>
public sealed record RecordedLog(string Service, string Severity, string Text);

/// <summary>What a span is to its trace; numbers as in OTLP.</summary>
public enum SpanRole
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>Work inside a service.</summary>
    Internal = 1,

    /// <summary>The answering side of a call.</summary>
    Server = 2,

    /// <summary>The asking side of a call.</summary>
    Client = 3,

    /// <summary>A message sent.</summary>
    Producer = 4,

    /// <summary>A message received.</summary>
    Consumer = 5,
}

/// <summary>One span; ids are hexadecimal, <paramref name="ParentId"/> is empty for the root.</summary>
public sealed record RecordedSpan(
    string Service, string TraceId, string SpanId, string ParentId, string Name, SpanRole Role);

/// <summary>The spans of one trace that the dashboard has received so far.</summary>
public sealed record RecordedTrace(string Id, IReadOnlyList<RecordedSpan> Spans)
{
    /// <summary>The services the trace runs through.</summary>
    public IReadOnlySet<string> Services => Spans.Select(span => span.Service).ToHashSet();

    /// <summary>
    /// Whether every span but one hangs below another of the trace: nothing is cut off, nothing is still on its way.
    /// </summary>
    public bool IsOneTree
    {
        get
        {
            var ids = Spans.Select(span => span.SpanId).ToHashSet();
            return Spans.Count(span => !ids.Contains(span.ParentId)) == 1;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", Spans.Select(span => $"{span.Service}: {span.Name}").Distinct());
}
