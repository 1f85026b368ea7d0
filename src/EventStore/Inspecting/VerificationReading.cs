using System.Globalization;

namespace EventStore.Inspecting;

/// <summary>Looks at each event of the log in turn, and remembers no more of it than counts.</summary>
internal sealed class VerificationReading(EventTypes types)
{
    private readonly List<LogFinding> findings = [];
    private readonly Dictionary<string, long> unknown = new(StringComparer.Ordinal);
    private long last;
    private int misordered;

    public long Events { get; private set; }

    public long Unreadable { get; private set; }

    public long Upcast { get; private set; }

    public IReadOnlyDictionary<string, long> UnknownTypes => unknown;

    public IReadOnlyList<LogFinding> Findings => findings;

    public void Take(RecordedEvent recorded)
    {
        Events++;
        if (recorded.Position <= last && misordered++ < LogInspection.MaxFindings)
        {
            findings.Add(new LogFinding(
                "position-order",
                recorded.Stream,
                string.Create(CultureInfo.InvariantCulture, $"position {recorded.Position} comes behind {last}")));
        }
        last = recorded.Position;

        switch (recorded.Data)
        {
            case UnknownEvent:
                unknown[recorded.Type] = unknown.GetValueOrDefault(recorded.Type) + 1;
                break;
            case UnreadableEvent unreadable:
                if (Unreadable++ < LogInspection.MaxFindings)
                    findings.Add(new LogFinding("unreadable", recorded.Stream, unreadable.Error.Message));
                break;
            default:
                if (types.Find(recorded.Type) is { } type && recorded.SchemaVersion < type.SchemaVersion)
                    Upcast++;
                break;
        }
    }
}
