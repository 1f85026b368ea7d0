using System.Diagnostics;

namespace EventStore.Appending;

/// <summary>An append that waits for its answer.</summary>
/// <param name="patience">How long it may wait until it is written.</param>
internal sealed class PendingAppend(EncodedAppend append, TimeSpan patience, CancellationToken cancellationToken)
    : TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public EncodedAppend Append => append;

    /// <summary>When its caller came.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>The answer of a caller that has gone, or has waited for too long; true where it has.</summary>
    public bool IsAbandoned()
    {
        if (cancellationToken.IsCancellationRequested)
        {
            TrySetCanceled(cancellationToken);
            return true;
        }
        var waited = Stopwatch.GetElapsedTime(Since);
        if (waited <= patience)
            return false;
        TrySetException(AppendFailedException.Overdue(Append.Request, waited));
        return true;
    }

    public void Answer(AppendResult result)
    {
        if (result is MisusedCommand misused)
            TrySetException(misused.Error());
        else
            TrySetResult(result);
    }

    public void Fail(Exception failure) => TrySetException(AppendRetry.Explain(failure, Append));
}
