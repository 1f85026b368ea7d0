using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Projections.Engine.Running;

internal static class ReadAheadExtensions
{
    /// <summary>
    /// Fetches the next item while the consumer works on one: at most <paramref name="ahead"/> wait, so a slow consumer
    /// slows the source down.
    /// </summary>
    public static async IAsyncEnumerable<T> ReadAhead<T>(
        this IAsyncEnumerable<T> source,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        int ahead = 1)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(ahead)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        var reading = Task.Run(() => Read(source, channel.Writer, leaving.Token), CancellationToken.None);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
                yield return item;
        }
        finally
        {
            await leaving.CancelAsync();
            await reading;
        }
    }

    private static async Task Read<T>(
        IAsyncEnumerable<T> source, ChannelWriter<T> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in source.WithCancellation(cancellationToken))
                await writer.WriteAsync(item, cancellationToken);
            writer.Complete();
        }
        catch (Exception exception)
        {
            // The consumer gets it where it reads.
            writer.Complete(exception);
        }
    }
}
