namespace Projections;

/// <summary>What a projection endpoint has beyond the other endpoints.</summary>
internal static class ProjectionEndpoint
{
    /// <summary>Handling is a comparison of two numbers: more at once would be no faster.</summary>
    private const int Concurrency = 2;

    /// <summary>
    /// No persistence and no outbox: a message only says that the log has advanced, so it may be handled any number of
    /// times.
    /// </summary>
    public static void Configure(EndpointConfiguration endpoint) =>
        endpoint.LimitMessageProcessingConcurrencyTo(Concurrency);
}
