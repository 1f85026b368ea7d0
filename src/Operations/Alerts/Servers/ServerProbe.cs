namespace Operations.Alerts.Servers;

/// <summary>How a server answered, when it was last asked.</summary>
/// <param name="Silence">How long ago it last answered; next to nothing while it does.</param>
/// <param name="ResponseMs">How long its last answer took; null before the first.</param>
/// <param name="Error">Why there was no answer to the last question; null where there was one.</param>
internal sealed record ServerState(string Name, bool Up, TimeSpan Silence, double? ResponseMs, string? Error);

/// <summary>Asks a server every two seconds whether it is there.</summary>
internal sealed class ServerProbe(string name, Func<CancellationToken, Task> ask, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private volatile Answers answers = new(clock.GetUtcNow(), null, null);

    public ServerState State
    {
        get
        {
            var now = answers;
            return new ServerState(
                name,
                now.Error is null,
                now.Error is null ? TimeSpan.Zero : clock.GetUtcNow() - now.LastAt,
                now.ResponseMs,
                now.Error);
        }
    }

    public async Task Run(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Ask(stoppingToken);
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Ask(CancellationToken stoppingToken)
    {
        var started = clock.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(Timeout);
        try
        {
            // A client library that minds no token must not hold the probe up either.
            await ask(limit.Token).WaitAsync(Timeout, stoppingToken);
            answers = new Answers(clock.GetUtcNow(), clock.GetElapsedTime(started).TotalMilliseconds, null);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping says nothing about the server.
        }
        // Whatever goes wrong in asking is what the probe is there to tell.
        catch (Exception exception)
        {
            var silent = exception is OperationCanceledException or TimeoutException;
            answers = answers with { Error = silent ? $"no answer within {Timeout.TotalSeconds} s" : exception.Message };
        }
    }

    private sealed record Answers(DateTimeOffset LastAt, double? ResponseMs, string? Error);
}
