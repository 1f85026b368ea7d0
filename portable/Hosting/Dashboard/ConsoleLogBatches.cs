using System.Runtime.CompilerServices;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Dashboard;

/// <summary>Puts console lines into messages that stay under the dashboard's limit on message size.</summary>
internal static class ConsoleLogBatches
{
    /// <summary>
    /// The most characters in one message. A character takes at most three bytes of UTF-8, so that a message of these
    /// stays below the 4 MiB which gRPC clients take by default.
    /// </summary>
    public const int LargestBatch = 1_000_000;

    /// <summary>Yields the lines in order, in few messages within the limit; longer lines are cut to it.</summary>
    public static async IAsyncEnumerable<WatchResourceConsoleLogsUpdate> InBatches(
        this IAsyncEnumerable<IReadOnlyList<LogLine>> groups,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in groups.WithCancellation(cancellationToken))
        {
            var update = new WatchResourceConsoleLogsUpdate();
            var characters = 0;
            foreach (var line in group)
            {
                var text = Cut(line.Content);
                if (update.LogLines.Count > 0 && characters + text.Length > LargestBatch)
                {
                    yield return update;
                    update = new WatchResourceConsoleLogsUpdate();
                    characters = 0;
                }

                characters += text.Length;
                update.LogLines.Add(new ConsoleLogLine
                {
                    LineNumber = line.LineNumber,
                    Text = text,
                    IsStdErr = line.IsErrorMessage,
                });
            }

            if (update.LogLines.Count > 0) yield return update;
        }
    }

    private static string Cut(string line) =>
        line.Length <= LargestBatch ? line
        : char.IsHighSurrogate(line[LargestBatch - 1]) ? line[..(LargestBatch - 1)]
        : line[..LargestBatch];
}
