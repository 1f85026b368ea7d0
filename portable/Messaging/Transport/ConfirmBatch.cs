namespace Portable.Messaging.Transport;

/// <summary>Waits for the confirms of several publishes with one task.</summary>
internal sealed class ConfirmBatch(int count)
{
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private int remaining = count;
    private List<(OutgoingOperation Operation, Exception Error)>? failures;

    /// <summary>Ends when every publish has been confirmed or has failed; never faults.</summary>
    public Task Settled => settled.Task;

    /// <summary>What was not taken by the broker; complete once <see cref="Settled"/> has ended.</summary>
    public IReadOnlyList<(OutgoingOperation Operation, Exception Error)> Failures => failures ?? [];

    public void Settle(OutgoingOperation operation, Exception? error)
    {
        lock (gate)
        {
            if (error is not null)
            {
                (failures ??= []).Add((operation, error));
            }

            if (--remaining == 0)
            {
                settled.SetResult();
            }
        }
    }
}
