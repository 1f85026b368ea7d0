namespace Operations.FailedMessages;

/// <summary>Where a failed message stands. The numbers are those of the database and of ServiceControl.</summary>
internal enum FailedMessageStatus
{
    /// <summary>Waits for an operator.</summary>
    Unresolved = 1,

    /// <summary>Handled after a retry, or marked so, or replaced by an edited message.</summary>
    Resolved = 2,

    /// <summary>On its way back to its queue, or there; the endpoint has not confirmed yet.</summary>
    RetryIssued = 3,

    /// <summary>Put away; deleted when the retention ends.</summary>
    Archived = 4,
}
