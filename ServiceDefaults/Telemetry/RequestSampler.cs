using System.Diagnostics;
using System.Threading.RateLimiting;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Keeps traces to what somebody asked for, and to what a machine can carry. A statement or request that the service
/// makes in the background, such as a poll, starts no trace; what comes from outside starts one, ten a second at most,
/// because one order is a few hundred spans. What belongs to a trace follows the decision made at its start, so
/// traces are whole, and a caller that sends a sampled <c>traceparent</c> is always traced.
/// </summary>
internal sealed class RequestSampler : Sampler, IDisposable
{
    private const int NewTracesPerSecond = 10;

    private readonly FixedWindowRateLimiter newTraces = new(new FixedWindowRateLimiterOptions
    {
        PermitLimit = NewTracesPerSecond,
        Window = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });

    public void Dispose() => newTraces.Dispose();

    public override SamplingResult ShouldSample(in SamplingParameters parameters) => new(
        parameters.ParentContext.TraceId != default
            ? parameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            : parameters.Kind != ActivityKind.Client && StartsTrace());

    private bool StartsTrace()
    {
        using var lease = newTraces.AttemptAcquire();
        return lease.IsAcquired;
    }
}
