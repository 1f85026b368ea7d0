using System.Diagnostics;
using OpenTelemetry.Trace;
using ServiceDefaults.Telemetry;

namespace ServiceDefaults.Tests;

public sealed class SamplerTests
{
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateRandom();
    private readonly DropOrphanClients sampler = new();

    [Theory]
    [InlineData(ActivityKind.Client, SamplingDecision.Drop)]
    [InlineData(ActivityKind.Server, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityKind.Consumer, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityKind.Producer, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityKind.Internal, SamplingDecision.RecordAndSample)]
    public void A_background_call_starts_no_trace(ActivityKind kind, SamplingDecision expected) =>
        Assert.Equal(expected, Decide(default, kind));

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityTraceFlags.None, SamplingDecision.Drop)]
    public void Below_a_request_the_requests_own_decision_holds(ActivityTraceFlags flags, SamplingDecision expected) =>
        Assert.Equal(
            expected, Decide(new ActivityContext(Trace, ActivitySpanId.CreateRandom(), flags), ActivityKind.Client));

    private SamplingDecision Decide(ActivityContext parent, ActivityKind kind) =>
        sampler.ShouldSample(new SamplingParameters(parent, Trace, "call", kind)).Decision;
}
