using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventStore.Erasure;
using EventStore.Serialization;

namespace EventStore.Appending;

/// <summary>A checked and serialized <see cref="AppendRequest"/>.</summary>
internal sealed class EncodedAppend
{
    private readonly ulong firstId;

    /// <exception cref="ArgumentException">The request breaks a rule of the store; the message says which.</exception>
    /// <param name="mayClose">Whether it may append a <see cref="Tombstone"/>.</param>
    public EncodedAppend(
        AppendRequest request,
        EventSerializer serializer,
        IReadOnlyDictionary<string, SubjectKey>? subjects = null,
        bool mayClose = false)
    {
        Request = request;
        CheckRequest(request);
        firstId = FirstId(request.Metadata.CommandId, request.Streams[0].Stream);
        Events = new EncodedEvent[request.Streams.Sum(stream => stream.Events.Count)];
        var n = 0;
        foreach (var stream in request.Streams)
        {
            foreach (var @event in stream.Events)
            {
                Events[n] = @event is Tagged tagged
                    ? serializer.Encode(tagged.Event, EventTags.Check(tagged.Tags), subjects)
                    : serializer.Encode(@event, [], subjects);
                if (!mayClose && Events[n].Type.Type == typeof(Tombstone))
                {
                    throw new ArgumentException(
                        $"A tombstone for '{stream.Stream}' is no event to append: StreamTombstones places it.");
                }
                HasTags |= Events[n].Tags.Count > 0;
                Bytes += Events[n++].Json.Length;
            }
        }
    }

    public AppendRequest Request { get; }

    /// <summary>All events in the order of the request, stream after stream.</summary>
    public EncodedEvent[] Events { get; }

    public bool HasTags { get; }

    /// <summary>Events without tags for one stream, and nothing else: what nearly every append is.</summary>
    public bool IsPlain => !HasTags && Request is
    {
        Streams: [_],
        Claims: null or [],
        Releases: null or [],
        Conditions: null or [],
    };

    /// <summary>Size of the data of all events.</summary>
    public int Bytes { get; }

    /// <summary>Identifies the append: the id of its first event.</summary>
    public Guid Id => EventId(0);

    /// <summary>
    /// Ids depend on the command, the first stream and the index alone, so repeating a command gives the same ids: a
    /// UUIDv8 whose first half is that of the command id (its time, where it is a UUIDv7, keeps the index local) and
    /// whose second half counts up from a hash.
    /// </summary>
    public Guid EventId(int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        Request.Metadata.CommandId.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)(0x80 | (bytes[6] & 0x0F));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], firstId + (ulong)index);
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static ulong FirstId(Guid commandId, string firstStream)
    {
        // A name has 200 characters at most, of three bytes in UTF-8 at most.
        Span<byte> seed = stackalloc byte[16 + (3 * Input.MaxNameLength)];
        commandId.TryWriteBytes(seed, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(firstStream, seed[16..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed[..length], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private static void CheckRequest(AppendRequest request)
    {
        if (request.Streams.Count == 0)
            throw new ArgumentException("An append needs a stream: it has none.");
        var names = request.Streams.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var stream in request.Streams)
        {
            Input.CheckName(stream.Stream, "stream name");
            if (names?.Add(stream.Stream) == false)
                throw new ArgumentException($"The stream '{stream.Stream}' is named twice: put its events together.");
            if (stream.Events.Count == 0)
                throw new ArgumentException($"There is no event for the stream '{stream.Stream}': add at least one.");
        }
        if (request.Claims is not null || request.Releases is not null)
            CheckKeys(request);
        foreach (var condition in request.Conditions ?? [])
            condition.Check();
        CheckMetadata(request.Metadata);
    }

    private static void CheckKeys(AppendRequest request)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in request.Claims ?? [])
        {
            Input.Check(claim.Key, "unique key", Input.MaxKeyLength);
            Input.Check(claim.Owner, $"owner of the key '{claim.Key}'", Input.MaxKeyLength);
            if (!keys.Add(claim.Key))
                throw new ArgumentException($"The key '{claim.Key}' is claimed twice.");
        }
        foreach (var key in request.Releases ?? [])
        {
            Input.Check(key, "unique key", Input.MaxKeyLength);
            if (!keys.Add(key))
                throw new ArgumentException($"The key '{key}' is released twice, or claimed and released.");
        }
    }

    private static void CheckMetadata(EventMetadata metadata)
    {
        if (metadata.CommandId == Guid.Empty)
            throw new ArgumentException("The command id is empty: the ids of the events come from it.");
        Input.Check(metadata.Tenant, "tenant", Input.MaxNameLength);
        Input.CheckOptional(metadata.CorrelationId, "correlation id");
        Input.CheckOptional(metadata.CausationId, "causation id");
        Input.CheckOptional(metadata.User, "user");
        Input.CheckOptional(metadata.TraceParent, "trace context");
    }
}
