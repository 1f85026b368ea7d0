using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Portable.Hosting.Tests.Dashboard;

/// <summary>
/// gRPC by hand over HTTP/2 without TLS: nothing of the server's own framing is used, so that both sides cannot be
/// wrong in the same way.
/// </summary>
internal sealed class RawGrpcClient(Uri address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Starts a call of a method of the dashboard's service with one message.</summary>
    public Task<RawGrpcCall> Call(
        string method, IMessage request, CancellationToken cancellationToken, string? timeout = null) =>
        Send($"/aspire.v1.DashboardService/{method}", new ByteArrayContent(Frame(request)), timeout, cancellationToken);

    /// <summary>Starts a call of any path with any body.</summary>
    public async Task<RawGrpcCall> Send(
        string path, HttpContent body, string? timeout, CancellationToken cancellationToken)
    {
        body.Headers.ContentType ??= new("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        request.Headers.Add("te", "trailers");
        if (timeout is not null) request.Headers.Add("grpc-timeout", timeout);
        return new RawGrpcCall(await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
    }

    /// <summary>The five bytes in front, then the message.</summary>
    public static byte[] Frame(IMessage message, byte compressed = 0)
    {
        var bytes = message.ToByteArray();
        var frame = new byte[5 + bytes.Length];
        frame[0] = compressed;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        return frame;
    }

    public void Dispose() => http.Dispose();
}

/// <summary>The answer to one call: its messages, then its status.</summary>
internal sealed class RawGrpcCall(HttpResponseMessage response) : IDisposable
{
    public HttpStatusCode HttpStatus => response.StatusCode;

    /// <summary>The next message, or null at the end of the stream; afterwards the status is known.</summary>
    public async Task<T?> Next<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var prefix = new byte[5];
        var got = await body.ReadAtLeastAsync(prefix, 5, throwOnEndOfStream: false, cancellationToken);
        if (got == 0) return null;
        Assert.Equal(5, got);
        Assert.Equal(0, prefix[0]);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancellationToken);
        return parser.ParseFrom(message);
    }

    /// <summary>Every message until the stream ends.</summary>
    public async IAsyncEnumerable<T> All<T>(
        MessageParser<T> parser, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        while (await Next(parser, cancellationToken) is { } message) yield return message;
    }

    /// <summary>Reads to the end and returns grpc-status and grpc-message.</summary>
    public async Task<(int Status, string Message)> End(CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.CopyToAsync(Stream.Null, cancellationToken);
        return (int.Parse(Trailer("grpc-status")), Uri.UnescapeDataString(Trailer("grpc-message")));
    }

    private string Trailer(string name)
    {
        var all = response.TrailingHeaders.Concat(response.Headers);
        return all.FirstOrDefault(header => header.Key == name).Value?.Single() ?? "";
    }

    public void Dispose() => response.Dispose();
}
