namespace Projections.Engine.Running;

/// <summary>How far a projection is, for those in this process who wait for it.</summary>
internal sealed class ProjectionProgress(string name)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new();

    public string Name { get; } = name;

    /// <summary>Every event up to here is in the model.</summary>
    public long Position { get; private set; }

    /// <summary>What stops it at the moment; null while it runs.</summary>
    public Exception? Error { get; private set; }

    /// <summary>
    /// The model is at this position now. It may be lower than before: a store can lose what it held.
    /// </summary>
    public void Reached(long position)
    {
        lock (gate)
        {
            Position = position;
            Error = null;
            while (waiting.TryPeek(out var waiter, out var wanted) && wanted <= position)
            {
                waiting.Dequeue();
                waiter.TrySetResult();
            }
        }
    }

    public void Failed(Exception error) => Error = error;

    /// <summary>Waits until the model has reached a position.</summary>
    /// <exception cref="ProjectionBehindException">It stands still: the time was up and it came no further.</exception>
    public async Task WaitFor(long position, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (reached, from) = Enlist(position);
        try
        {
            await reached.WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException) when (Position > from && Error is null)
        {
            // Behind but moving: the log is the truth, and the runner gets there with or without this message.
        }
        catch (TimeoutException)
        {
            throw new ProjectionBehindException(
                $"{Name} is at position {Position} and came no further in {patience.TotalSeconds:0.#} s; the event is "
                + $"at {position}. {Error?.Message ?? "No error is known."}",
                Error);
        }
    }

    private (Task Reached, long From) Enlist(long position)
    {
        lock (gate)
        {
            if (Position >= position)
                return (Task.CompletedTask, Position);
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter, position);
            return (waiter.Task, Position);
        }
    }
}

/// <summary>A projection does not get on: its store is away, or it has a fault.</summary>
internal sealed class ProjectionBehindException(string message, Exception? inner) : Exception(message, inner);
