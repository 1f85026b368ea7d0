namespace EventStore.Reading;

/// <summary>Rows of the log in the order asked for, as many as were asked for or as fit into memory.</summary>
/// <param name="capacity">How many are expected.</param>
internal sealed class StoredPage(int capacity) : List<StoredEvent>(capacity)
{
    /// <summary>
    /// Data of more is not kept in one page: with events of the largest size allowed, a page of full length would take
    /// a gigabyte.
    /// </summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Whether further rows may follow: it has as many as were asked for, or ended early for their size.
    /// </summary>
    public bool IsFull { get; set; }

    /// <summary>Whether it ended early.</summary>
    public bool IsCut { get; set; }
}
