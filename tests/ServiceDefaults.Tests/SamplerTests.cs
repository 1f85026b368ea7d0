using System.Diagnostics;
using OpenTelemetry.Trace;
using ServiceDefaults.Telemetry;

namespace ServiceDefaults.Tests;

public sealed class SamplerTests : IDisposable
{
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateRandom();
    private readonly RequestSampler sampler = new();

    public void Dispose() => sampler.Dispose();

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

    [Fact]
    public void A_flood_of_requests_starts_no_more_traces_than_the_machine_can_carry()
    {
        var decisions = Enumerable.Range(0, 1000).Select(_ => Decide(default, ActivityKind.Server)).ToList();

        Assert.Contains(SamplingDecision.RecordAndSample, decisions);
        Assert.Contains(SamplingDecision.Drop, decisions);
    }

    private SamplingDecision Decide(ActivityContext parent, ActivityKind kind) =>
        sampler.ShouldSample(new SamplingParameters(parent, Trace, "call", kind)).Decision;
}
