namespace Operations.FailedMessages;

/// <summary>A failed message as lists and the message page show it.</summary>
internal sealed record FailedMessageView(
    Guid Id,
    string? MessageType,
    DateTime? TimeSent,
    bool IsSystemMessage,
    ExceptionView Exception,
    string? MessageId,
    int NumberOfProcessingAttempts,
    FailedMessageStatus Status,
    EndpointView? SendingEndpoint,
    EndpointView? ReceivingEndpoint,
    string? QueueAddress,
    DateTime TimeOfFailure,
    DateTime LastModified,
    bool Edited,
    string EditOf);

internal sealed record ExceptionView(string? ExceptionType, string? Message, string? Source, string? StackTrace);

internal sealed record EndpointView(string Name, Guid HostId, string Host);

/// <summary>A failed message with all its failures.</summary>
internal sealed record FailedMessageDetail(
    Guid Id,
    Guid UniqueMessageId,
    FailedMessageStatus Status,
    IReadOnlyList<AttemptView> ProcessingAttempts,
    IReadOnlyList<GroupView> FailureGroups);

internal sealed record AttemptView(
    DateTime AttemptedAt, string? MessageId, FailureView FailureDetails, IReadOnlyDictionary<string, string>? Headers);

internal sealed record FailureView(string? AddressOfFailingEndpoint, DateTime TimeOfFailure, ExceptionView Exception);

internal sealed record GroupView(Guid Id, string Title, string Type);

internal sealed record QueueView(string PhysicalAddress, int FailedMessageCount);
