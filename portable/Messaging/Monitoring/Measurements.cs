using System.Text;

namespace Portable.Messaging.Monitoring;

/// <summary>
/// Values of one metric since the last report, each with its time and its message type, in the binary format of
/// ServiceControl's monitoring ("TaggedLongValueWriterOccurrence", version 1). Bounded: where reports cannot leave, the
/// oldest values are dropped.
/// </summary>
internal sealed class Measurements
{
    private const long Version = 1;
    private const int Most = 8192;

    private readonly Queue<(long Ticks, string Tag, long Value)> values = new();
    private readonly Lock gate = new();

    public void Add(string tag, long value)
    {
        lock (gate)
        {
            if (values.Count == Most)
            {
                values.Dequeue();
            }

            values.Enqueue((DateTime.UtcNow.Ticks, tag, value));
        }
    }

    /// <summary>The values since the last call; null where there are none.</summary>
    public byte[]? Take()
    {
        List<(long Ticks, string Tag, long Value)> taken;
        lock (gate)
        {
            if (values.Count == 0)
            {
                return null;
            }

            taken = [.. values];
            values.Clear();
        }

        // Times are written as offsets of 32 bits from the first: seven minutes.
        var first = taken[^1].Ticks - int.MaxValue;
        taken.RemoveAll(value => value.Ticks < first);
        first = taken.Min(value => value.Ticks);
        var tags = taken.Select(value => value.Tag).Distinct().Index()
            .ToDictionary(one => one.Item, one => one.Index + 1);
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(first);
        writer.Write(tags.Count);
        foreach (var (tag, number) in tags)
        {
            var text = Encoding.UTF8.GetBytes(tag);
            writer.Write(number);
            writer.Write(text.Length);
            writer.Write(text);
        }

        writer.Write(taken.Count);
        foreach (var (ticks, tag, value) in taken)
        {
            writer.Write((int)(ticks - first));
            writer.Write(tags[tag]);
            writer.Write(value);
        }

        writer.Flush();
        return bytes.ToArray();
    }
}
