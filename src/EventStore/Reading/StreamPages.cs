using System.Runtime.CompilerServices;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads one stream, page by page. No connection is held while the caller works on a page.</summary>
internal sealed class StreamPages(EventPage pages, int pageSize)
{
    private static readonly string ForwardSql = Sql.Read("Reading/read_stream_forward.sql");
    private static readonly string BackwardSql = Sql.Read("Reading/read_stream_backward.sql");

    public async IAsyncEnumerable<RecordedEvent> Read(
        string stream,
        long fromVersion,
        ReadDirection direction,
        int? limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = limit ?? int.MaxValue;
        var (lowest, highest, after) = (fromVersion, long.MaxValue, 0L);
        while (left > 0 && lowest <= highest)
        {
            var size = Math.Min(left, pageSize);
            var page = direction is ReadDirection.Forward
                ? await pages.Read(
                    ForwardSql,
                    size,
                    [Text(stream), Number(lowest), Count(size), Number(after)],
                    cancellationToken)
                : await pages.Read(
                    BackwardSql,
                    size,
                    [Text(stream), Number(lowest), Number(highest), Count(size)],
                    cancellationToken);
            foreach (var @event in page.Events)
                yield return @event;
            if (page.Stored < size)
                yield break;
            left -= size;
            if (direction is ReadDirection.Forward)
                (lowest, after) = (page.LastVersion + 1, page.LastPosition);
            else
                highest = page.LastVersion - 1;
        }
    }

    private static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value };

    private static NpgsqlParameter Number(long value) => new NpgsqlParameter<long> { TypedValue = value };

    private static NpgsqlParameter Count(int value) => new NpgsqlParameter<int> { TypedValue = value };
}
