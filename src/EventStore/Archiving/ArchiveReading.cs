using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace EventStore.Archiving;

/// <summary>Reads events from files of an archive, which are rows as COPY writes them.</summary>
internal static class ArchiveReading
{
    public static async IAsyncEnumerable<RecordedEvent> Read(
        string directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var manifest in ArchiveManifest.ReadAll(directory))
        {
            var columns = manifest.Events.Columns.Index().ToDictionary(each => each.Item, each => each.Index);
            // Checked before any of it is believed.
            await ArchiveFile.Verify(directory, manifest.Events, cancellationToken);
            using var rows = new StreamReader(
                ArchiveFile.OpenCompressed(Path.Combine(directory, manifest.Events.File)), Encoding.UTF8);
            while (await rows.ReadLineAsync(cancellationToken) is { } row)
                yield return Decode(row.Split('\t'), columns);
        }
    }

    private static RecordedEvent Decode(string[] row, Dictionary<string, int> columns)
    {
        var type = Text("type")!;
        return new RecordedEvent(
            Number("position"),
            Guid.Parse(Text("event_id")!),
            Text("stream")!,
            Number("version"),
            type,
            (int)Number("schema_version"),
            new UnknownEvent(type, Encoding.UTF8.GetBytes(Text("data")!)),
            new EventMetadata(
                Guid.Parse(Text("command_id")!),
                Text("tenant")!,
                DateTimeOffset.Parse(Text("decided_at")!, CultureInfo.InvariantCulture),
                Text("correlation_id"),
                Text("causation_id"),
                Text("user_name"),
                Text("trace_parent")))
        {
            Tags = Text("tags") is { } tags ? Elements(tags) : [],
        };

        long Number(string column) => long.Parse(Text(column)!, CultureInfo.InvariantCulture);

        string? Text(string column) => Unescape(row[columns[column]]);
    }

    private static string? Unescape(string value)
    {
        if (value == @"\N")
            return null;
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            text.Append(value[i] != '\\' ? value[i] : value[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                var other => other,
            });
        }
        return text.ToString();
    }

    /// <summary>The elements of an array of texts as PostgreSQL writes it: <c>{a,"b, c"}</c>.</summary>
    private static List<string> Elements(string array)
    {
        var elements = new List<string>();
        var element = new StringBuilder();
        var quoted = false;
        for (var i = 1; i < array.Length; i++)
        {
            switch (array[i])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\':
                    element.Append(array[++i]);
                    break;
                case ',' or '}' when !quoted:
                    if (i > 1)
                        elements.Add(element.ToString());
                    element.Clear();
                    break;
                case var other:
                    element.Append(other);
                    break;
            }
        }
        return elements;
    }
}
