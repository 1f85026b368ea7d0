namespace EventStore;

/// <summary>How an event store works; the defaults suit a service.</summary>
public sealed record EventStoreOptions
{
    /// <exception cref="ArgumentOutOfRangeException">A value with which nothing would work.</exception>
    internal EventStoreOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(AppendWriters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(AppendQueueLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AppendPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(PartitionSize, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SubjectKeyLifetime, TimeSpan.Zero);
        return this;
    }

    /// <summary>Bring the schema up to date when the host starts. Off for a role that may only read.</summary>
    public bool MigrateAtStart { get; init; } = true;

    /// <summary>
    /// Connections that write the appends of callers without a transaction. More of them gather less in one commit.
    /// </summary>
    public int AppendWriters { get; init; } = 2;

    /// <summary>Appends that may wait for a writer; further callers wait for room.</summary>
    public int AppendQueueLength { get; init; } = 4096;

    /// <summary>
    /// How long an append may wait for a writer, and how long one that met a lost connection is tried again. An append
    /// of a caller without a transaction ends within this and twice what one try may take (<c>Timeout</c> and
    /// <c>Command Timeout</c> of the connection string, and two seconds to cancel), whatever the database does.
    /// </summary>
    public TimeSpan AppendPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Positions in each partition of the log made from now on, 1,000 at least. Partitions are made ahead of need; a
    /// quarter of an hour's worth of events should fit into one.
    /// </summary>
    public long PartitionSize { get; init; } = 10_000_000;

    /// <summary>Events fetched in one round trip when reading; fewer where their data takes more than 8 MB.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>
    /// What wraps the keys of persons' data: the first wraps new ones, all of them unwrap. Empty: keys are stored as
    /// they are, and whoever has a copy of the whole database can read everything in it.
    /// </summary>
    public IReadOnlyList<KeyEncryptionKey> KeyEncryptionKeys { get; init; } = [];

    /// <summary>
    /// How long a key is remembered before the database is asked again: once a person's key is destroyed, every process
    /// has forgotten it that much later.
    /// </summary>
    public TimeSpan SubjectKeyLifetime { get; init; } = TimeSpan.FromSeconds(30);
}
