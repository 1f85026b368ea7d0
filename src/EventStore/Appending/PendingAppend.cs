namespace EventStore.Appending;

/// <summary>An append that waits for its answer.</summary>
internal sealed class PendingAppend(EncodedAppend append, CancellationToken cancellationToken)
    : TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public EncodedAppend Append => append;

    /// <summary>The answer of a caller that has gone; true where it has.</summary>
    public bool IsAbandoned() => cancellationToken.IsCancellationRequested && (TrySetCanceled(cancellationToken) || true);

    public void Fail(Exception failure) => TrySetException(AppendRetry.Explain(failure, Append));
}
