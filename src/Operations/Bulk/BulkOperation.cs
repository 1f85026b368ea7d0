using Npgsql;
using Operations.FailedMessages;
using Operations.Groups;
using Operations.Storage;

namespace Operations.Bulk;

/// <summary>Which messages an operation is about; the names are ServiceControl's retry types.</summary>
internal enum OperationScope
{
    SingleMessage,
    MultipleMessages,
    FailureGroup,
    AllForEndpoint,
    All,
    ByQueueAddress,
}

/// <summary>What an operation does with them.</summary>
internal enum OperationKind
{
    Retry,
    Archive,
    Restore,
}

/// <summary>How far it is.</summary>
internal enum OperationState
{
    Waiting,
    Preparing,
    Forwarding,
    Completed,
}

/// <summary>What an operator asks for.</summary>
/// <param name="RequestId">Names what it is about; the same is not done twice at a time.</param>
/// <param name="Originator">What the history calls it; null for messages picked by hand.</param>
/// <param name="Source">Only messages that stand like this are taken.</param>
internal sealed record OperationRequest(
    OperationKind Kind, OperationScope Scope, string RequestId, string? Originator, FailedMessageStatus Source)
{
    public (Classifier Classifier, Guid Id)? Group { get; init; }

    /// <summary>The queue that messages failed in; for messages that already were returned to it.</summary>
    public string? Queue { get; init; }

    public Guid[]? Ids { get; init; }

    /// <summary>Only messages that last changed in this time.</summary>
    public (DateTime From, DateTime To)? Modified { get; init; }
}

/// <summary>An operation under way or done, as the database has it.</summary>
internal sealed record BulkOperation(
    long Id, OperationRequest Request, long ActionId, OperationState State, int Total, int Prepared, int Done,
    int Skipped, DateTime? PositionAt, Guid? PositionId, DateTime? LastFailedAt, DateTime StartedAt,
    DateTime? CompletedAt, bool Acknowledged)
{
    /// <summary>From 0 to 1, of the step that is under way.</summary>
    public double Progress => State switch
    {
        OperationState.Preparing when Request.Kind == OperationKind.Retry => Share(Prepared),
        OperationState.Preparing or OperationState.Forwarding => Share(Done + Skipped),
        OperationState.Completed => 1,
        _ => 0,
    };

    public int Remaining => Math.Max(0, Total - Done - Skipped);

    public static BulkOperation Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new OperationRequest(
            Enum.Parse<OperationKind>(row.GetString(1), ignoreCase: true),
            Enum.Parse<OperationScope>(row.GetString(2)),
            row.GetString(3),
            row.Maybe<string>(4),
            (FailedMessageStatus)row.GetInt16(5))
        {
            Group = row.IsDBNull(6) ? null : ((Classifier)row.GetInt16(7), row.GetGuid(6)),
            Queue = row.Maybe<string>(8),
            Ids = row.Maybe<Guid[]>(9),
            Modified = row.IsDBNull(10) ? null : (row.GetDateTime(10), row.GetDateTime(11)),
        },
        row.GetInt64(12),
        Enum.Parse<OperationState>(row.GetString(13), ignoreCase: true),
        row.GetInt32(14),
        row.GetInt32(15),
        row.GetInt32(16),
        row.GetInt32(17),
        row.IsDBNull(18) ? null : row.GetDateTime(18),
        row.IsDBNull(19) ? null : row.GetGuid(19),
        row.IsDBNull(20) ? null : row.GetDateTime(20),
        row.GetDateTime(21),
        row.IsDBNull(22) ? null : row.GetDateTime(22),
        row.GetBoolean(23));

    private double Share(int count) => Total == 0 ? 0 : Math.Round(Math.Min(1, (double)count / Total), 2);
}
