namespace EventStore.Reading;

/// <summary>Rows of the log in the order asked for, as many as were asked for or as fit into memory.</summary>
/// <param name="limit">How many were asked for; null: all there are.</param>
internal sealed class StoredPage(int? limit) : List<StoredEvent>(Math.Min(limit ?? 64, 1024))
{
    /// <summary>
    /// Data of more is not kept in one page: with events of the largest size allowed, a page of full length would take
    /// a gigabyte.
    /// </summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private int bytes;

    /// <summary>Whether it has to end before its length, for the size of its data. Never where all are wanted.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether further rows may follow.</summary>
    public bool IsFull => IsCut || Count == limit;

    public void Take(StoredEvent row)
    {
        Add(row);
        bytes += row.Json.Length;
        IsCut = bytes > MaxBytes && Count < limit;
    }
}
