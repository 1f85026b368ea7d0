using System.Text.Json;
using System.Threading.Channels;
using Commerce.Contracts.Ordering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace QueryApi.Ordering;

/// <summary>
/// Writes the changes of an order as server-sent events (HTML standard, section 9.2): one event <c>status</c> per
/// change, whose id is the step's number in the order's history, so that a client resumes where it left off.
/// </summary>
/// <param name="order">The order as it is now.</param>
/// <param name="lastId">The last change that the client has; 0: none.</param>
/// <param name="changes">The order each time it changes.</param>
internal sealed class OrderStream(
    OrderDetails order, int lastId, ChannelReader<OrderDetails> changes, TimeSpan heartbeat, CancellationToken stopping)
    : IResult
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (IsFinal(order) && !ChangesBehind(order, lastId).Any())
        {
            // What tells a browser's EventSource to ask no more.
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await Write(httpContext, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client went away, or this instance stops: the client reconnects and resumes.
        }
    }

    private async Task Write(HttpContext http, CancellationToken ending)
    {
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        await http.Response.WriteAsync($"retry: {Reconnect.TotalMilliseconds:0}\n\n", ending);
        var (current, written) = (order, lastId);
        while (true)
        {
            foreach (var (id, change) in ChangesBehind(current, written))
            {
                var text = JsonSerializer.Serialize(change, json);
                await http.Response.WriteAsync($"event: status\nid: {id}\ndata: {text}\n\n", ending);
            }

            written = Math.Max(written, current.History.Count);
            await http.Response.Body.FlushAsync(ending);
            if (IsFinal(current))
                return;
            current = await Next(http.Response, ending);
        }
    }

    private async Task<OrderDetails> Next(HttpResponse response, CancellationToken ending)
    {
        var next = changes.ReadAsync(ending).AsTask();
        while (await Task.WhenAny(next, Task.Delay(heartbeat, ending)) != next)
        {
            await response.WriteAsync(": still here\n\n", ending);
            await response.Body.FlushAsync(ending);
        }

        return await next;
    }

    private static IEnumerable<(int Id, OrderStatusChange Change)> ChangesBehind(OrderDetails order, int last)
    {
        for (var i = Math.Max(0, last); i < order.History.Count; i++)
        {
            var step = order.History[i];
            if (OrderRow.Find(step.Step) is { } status)
            {
                yield return (i + 1, new OrderStatusChange(
                    order.OrderId, status, step.At, status is OrderStatus.Canceled ? step.Detail : null));
            }
        }
    }

    private static bool IsFinal(OrderDetails order) => order.Status is OrderStatus.Completed or OrderStatus.Canceled;
}
