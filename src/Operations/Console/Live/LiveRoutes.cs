using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Operations.Console.Live;

internal static class LiveRoutes
{
    /// <summary>A listener that hears nothing for longer than twice this knows that the line is dead.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>
    /// <c>GET /console/live</c>: server-sent events. <c>snapshot</c> at once and whenever something has changed,
    /// <c>alive</c> in between; 503 where too many listen already.
    /// </summary>
    public static void MapLive(this IEndpointRouteBuilder console) => console.MapGet("/live", (
        LiveFeed feed, HttpContext context) =>
    {
        if (feed.Join() is not { } listener)
        {
            context.Response.Headers.RetryAfter = "10";
            return Results.Problem(
                $"{LiveFeed.MostListeners} pages are open already: close one, or try again in a while.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.RegisterForDispose(listener);
        return Results.ServerSentEvents(Items(listener, context.RequestAborted));
    });

    private static async IAsyncEnumerable<SseItem<string>> Items(
        LiveFeed.Listener listener, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = listener.Snapshots.WaitToReadAsync(cancellationToken).AsTask();
            while (await Task.WhenAny(more, Task.Delay(Heartbeat, cancellationToken)) != more)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new SseItem<string>("{}", "alive");
            }

            if (!await more)
                yield break;
            while (listener.Snapshots.TryRead(out var snapshot))
                yield return new SseItem<string>(snapshot, "snapshot");
        }
    }
}
