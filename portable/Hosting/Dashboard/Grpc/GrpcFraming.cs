using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Portable.Hosting.Dashboard.Grpc;

/// <summary>
/// Messages on an HTTP/2 stream, as gRPC frames them: one byte that says whether the message is compressed, four bytes
/// of length (big-endian), then the message.
/// </summary>
internal static class GrpcFraming
{
    /// <summary>What gRPC clients and servers accept by default.</summary>
    public const int LargestMessage = 4 * 1024 * 1024;

    private const int PrefixLength = 5;

    /// <summary>Yields each message of the request until the client has ended its half of the stream.</summary>
    /// <exception cref="GrpcException">A message is compressed, too large, cut off or not of the type.</exception>
    public static async IAsyncEnumerable<T> ReadMessages<T>(
        this PipeReader reader, MessageParser<T> parser, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (TryTakeMessage(ref buffer, parser, out var message)) yield return message!;
            if (result.IsCompleted && buffer.Length > 0)
            {
                throw new GrpcException(
                    GrpcStatus.Internal, $"The request ended {buffer.Length} bytes into a message.");
            }


            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) yield break;
        }
    }

    /// <summary>Writes one message and sends it on its way.</summary>
    public static async Task WriteMessage<T>(this PipeWriter writer, T message, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var length = message.CalculateSize();
        var span = writer.GetSpan(PrefixLength + length);
        span[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)length);
        message.WriteTo(span.Slice(PrefixLength, length));
        writer.Advance(PrefixLength + length);
        await writer.FlushAsync(cancellationToken);
    }

    private static bool TryTakeMessage<T>(ref ReadOnlySequence<byte> buffer, MessageParser<T> parser, out T? message)
        where T : IMessage<T>
    {
        message = default;
        if (buffer.Length < PrefixLength) return false;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (prefix[0] != 0)
            throw new GrpcException(GrpcStatus.Unimplemented, "Compressed messages are not supported; send identity.");
        if (length > LargestMessage)
            throw new GrpcException(GrpcStatus.ResourceExhausted,
                $"A message of {length} bytes is over the limit of {LargestMessage}.");
        if (buffer.Length < PrefixLength + length) return false;

        try
        {
            message = parser.ParseFrom(buffer.Slice(PrefixLength, length));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatus.Internal, $"The request is not a {typeof(T).Name}: {e.Message}");
        }

        buffer = buffer.Slice(PrefixLength + length);
        return true;
    }
}
