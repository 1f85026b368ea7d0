using System.Buffers;

namespace EventStore.Erasure;

/// <summary>
/// JSON with some of its values replaced or left out, in their order; never longer than it was: what is open is shorter
/// than what was sealed. Written in a rented buffer.
/// </summary>
internal sealed class OpenedJson(byte[] json) : IDisposable
{
    private readonly byte[] opened = ArrayPool<byte>.Shared.Rent(json.Length);
    private int read;
    private int length;

    /// <returns>Room for the value to put in the place of one.</returns>
    public Span<byte> Replace(int start, int end, int room)
    {
        Copy(start);
        var value = opened.AsSpan(length, room);
        length += room;
        read = end;
        return value;
    }

    /// <summary>Leaves out a member, with the comma that parts it from the one before or else the one behind.</summary>
    public void Remove(int start, int end)
    {
        Copy(start);
        read = end;
        var before = opened.AsSpan(0, length).TrimEnd(" \t\r\n"u8).Length;
        if (before > 0 && opened[before - 1] == (byte)',')
            length = before - 1;
        else if (json.AsSpan(end).TrimStart(" \t\r\n"u8) is [(byte)',', .. var rest])
            read = json.Length - rest.Length;
    }

    /// <returns>The whole, until this is disposed.</returns>
    public ReadOnlySpan<byte> Complete()
    {
        Copy(json.Length);
        return opened.AsSpan(0, length);
    }

    /// <summary>What is legible does not stay in the shared buffers.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(opened, clearArray: true);

    private void Copy(int to)
    {
        json.AsSpan(read, to - read).CopyTo(opened.AsSpan(length));
        length += to - read;
        read = to;
    }
}
