using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Keeps traces to what somebody asked for: a statement or request that the service itself makes in the background, such
/// as a poll, starts no trace. Everything below a request or message is recorded.
/// </summary>
internal sealed class DropOrphanClients : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters parameters) => new(
        parameters.ParentContext.TraceId != default
            ? parameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            : parameters.Kind != ActivityKind.Client);
}
