namespace Portable.Messaging.Faults;

/// <summary>A message that went to the error queue.</summary>
public class FailedMessage(
    string messageId,
    Dictionary<string, string> headers,
    ReadOnlyMemory<byte> body,
    Exception exception,
    string errorQueue)
{
    public string MessageId { get; } = messageId;

    public Dictionary<string, string> Headers { get; } = headers;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public Exception Exception { get; } = exception;

    public string ErrorQueue { get; } = errorQueue;
}

/// <summary>A message that is handled again at once.</summary>
public class ImmediateRetryMessage(
    string messageId,
    Dictionary<string, string> headers,
    ReadOnlyMemory<byte> body,
    Exception exception,
    int retryAttempt)
{
    public string MessageId { get; } = messageId;

    public Dictionary<string, string> Headers { get; } = headers;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public Exception Exception { get; } = exception;

    public int RetryAttempt { get; } = retryAttempt;
}

/// <summary>A message that is handled again after a delay.</summary>
public class DelayedRetryMessage(
    string messageId,
    Dictionary<string, string> headers,
    ReadOnlyMemory<byte> body,
    Exception exception,
    int retryAttempt)
{
    public string MessageId { get; } = messageId;

    public Dictionary<string, string> Headers { get; } = headers;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public Exception Exception { get; } = exception;

    public int RetryAttempt { get; } = retryAttempt;
}
