namespace EventStore.Erasure;

/// <summary>JSON with some of its values replaced or left out, in their order; never longer than it was.</summary>
internal ref struct OpenedJson(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> json = json;
    private readonly byte[] opened = new byte[json.Length];
    private int read;
    private int length;

    /// <summary>Puts another value in the place of one.</summary>
    public void Replace(int start, int end, ReadOnlySpan<byte> value)
    {
        Copy(start);
        value.CopyTo(opened.AsSpan(length));
        length += value.Length;
        read = end;
    }

    /// <summary>Leaves out a member, with the comma that parts it from the one before or else the one behind.</summary>
    public void Remove(int start, int end)
    {
        Copy(start);
        read = end;
        var before = opened.AsSpan(0, length).TrimEnd(" \t\r\n"u8).Length;
        if (before > 0 && opened[before - 1] == (byte)',')
            length = before - 1;
        else if (json[end..].TrimStart(" \t\r\n"u8) is [(byte)',', .. var rest])
            read = json.Length - rest.Length;
    }

    public byte[] ToArray()
    {
        Copy(json.Length);
        return opened[..length];
    }

    private void Copy(int to)
    {
        json[read..to].CopyTo(opened.AsSpan(length));
        length += to - read;
        read = to;
    }
}
