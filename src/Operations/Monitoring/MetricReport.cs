using System.Text;

namespace Operations.Monitoring;

/// <summary>A measured value: when, of which message type, how much.</summary>
internal readonly record struct MetricEntry(long Ticks, string Type, long Value);

/// <summary>Reads the reports of endpoints: version 1 of the binary format of ServiceControl's monitoring.</summary>
internal static class MetricReport
{
    public const string ContentType = "TaggedLongValueWriterOccurrence";

    private const long Version = 1;

    /// <exception cref="InvalidDataException">It is no such report.</exception>
    public static List<MetricEntry> Read(byte[] body)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
            if (reader.ReadInt64() is var version && version != Version)
                throw new InvalidDataException($"A report of version {version}; known is {Version}.");
            var start = reader.ReadInt64();
            Dictionary<int, string> types = [];
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var number = reader.ReadInt32();
                types[number] = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32()));
            }

            List<MetricEntry> entries = [];
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var ticks = start + reader.ReadInt32();
                var type = types.GetValueOrDefault(reader.ReadInt32(), "");
                entries.Add(new MetricEntry(ticks, type, reader.ReadInt64()));
            }

            return entries;
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException)
        {
            throw new InvalidDataException("A report ends in the middle.", exception);
        }
    }
}
