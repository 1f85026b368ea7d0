using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Portable.Hosting.Dashboard.Grpc;

/// <summary>
/// Serves the methods of one gRPC service on a Kestrel that speaks HTTP/2. Grpc.AspNetCore does the same and more;
/// this is the part that the dashboard's resource service needs, without the package.
/// </summary>
internal sealed class GrpcMethods(IEndpointRouteBuilder routes, string service)
{
    /// <summary>One request, one response.</summary>
    public void MapUnary<TRequest, TResponse>(
        string method, MessageParser<TRequest> parser, Func<TRequest, CancellationToken, Task<TResponse>> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        Map(method, async (http, cancellation) =>
        {
            var response = await answer(await Single(http, parser, cancellation), cancellation);
            await http.Response.BodyWriter.WriteMessage(response, cancellation);
        });

    /// <summary>One request, a stream of responses that lasts until it ends or the client or the host leaves.</summary>
    public void MapServerStreaming<TRequest, TResponse>(
        string method, MessageParser<TRequest> parser,
        Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        Map(method, async (http, cancellation) =>
        {
            var request = await Single(http, parser, cancellation);
            await Stream(http, answer(request, cancellation), cancellation);
        });

    /// <summary>A stream each way, independent of each other.</summary>
    public void MapDuplex<TRequest, TResponse>(
        string method, MessageParser<TRequest> parser,
        Func<IAsyncEnumerable<TRequest>, CancellationToken, IAsyncEnumerable<TResponse>> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        Map(method, (http, cancellation) =>
        {
            var requests = http.Request.BodyReader.ReadMessages(parser, cancellation);
            return Stream(http, answer(requests, cancellation), cancellation);
        });

    /// <summary>Answers every other method with UNIMPLEMENTED, as gRPC asks.</summary>
    public void MapUnknown() =>
        routes.MapPost("/{service}/{method}", (HttpContext http) => GrpcCall.Run(http, (_, _) =>
            throw new GrpcException(GrpcStatus.Unimplemented, $"{http.Request.Path} is not served here.")));

    private void Map(string method, Func<HttpContext, CancellationToken, Task> call) =>
        routes.MapPost($"/{service}/{method}", (HttpContext http) => GrpcCall.Run(http, call));

    private static async Task Stream<T>(HttpContext http, IAsyncEnumerable<T> messages, CancellationToken cancellation)
        where T : IMessage<T>
    {
        // The headers go out before the first message: clients wait for them to know that the call stands.
        await http.Response.BodyWriter.FlushAsync(cancellation);
        await foreach (var message in messages.WithCancellation(cancellation))
            await http.Response.BodyWriter.WriteMessage(message, cancellation);
    }

    private static async Task<T> Single<T>(HttpContext http, MessageParser<T> parser, CancellationToken cancellation)
        where T : IMessage<T>
    {
        var request = default(T);
        var count = 0;
        await foreach (var message in http.Request.BodyReader.ReadMessages(parser, cancellation))
        {
            request = message;
            if (++count > 1) break;
        }

        return count == 1 ? request! : throw new GrpcException(GrpcStatus.Unimplemented,
            $"{http.Request.Path} takes exactly one message; {(count == 0 ? "none" : "more")} came.");
    }
}
