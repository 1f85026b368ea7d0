using System.Runtime.InteropServices;
using EventStore;

namespace Chaos.EventStore;

/// <summary>
/// Watches what one reader is given: order, repetitions, versions of each stream; and which positions.
/// </summary>
/// <param name="whole">It reads everything, so versions have no holes.</param>
internal sealed class ReaderCheck(int capacity, bool whole)
{
    private const int MaxFaults = 10;

    private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];

    public PositionSet Seen { get; } = new(capacity);

    /// <summary>The position of the last event.</summary>
    public long Last { get; private set; }

    public void Take(RecordedEvent read)
    {
        if (read.Position <= Last)
            Fault($"position {read.Position} came behind {Last}");
        if (!Seen.Add(read.Position))
            Fault($"position {read.Position} came twice");
        ref var version = ref CollectionsMarshal.GetValueRefOrAddDefault(versions, read.Stream, out _);
        if (whole ? read.Version != version + 1 : read.Version <= version)
            Fault($"version {read.Version} of {read.Stream} came behind {version}");
        (Last, version) = (read.Position, read.Version);
    }

    /// <summary>What the reader did wrong, given what there was to read; empty where nothing.</summary>
    public IReadOnlyList<string> Faults(PositionSet written)
    {
        var (lost, invented) = (written.CountWithout(Seen), Seen.CountWithout(written));
        if (lost > 0)
            Fault($"{lost} events were lost, the first at {string.Join(", ", written.Without(Seen).Take(5))}");
        if (invented > 0)
            Fault($"{invented} events were never committed: {string.Join(", ", Seen.Without(written).Take(5))}");
        return faults;
    }

    private void Fault(string what)
    {
        if (faults.Count < MaxFaults)
            faults.Add(what);
    }
}
