using Projections.Engine.Running;

namespace Projections;

/// <summary>What a projection endpoint has beyond the other endpoints.</summary>
internal static class ProjectionEndpoint
{
    /// <summary>
    /// Messages that wait for their event at once: waiting costs nothing, and one batch answers many.
    /// </summary>
    private const int Concurrency = 64;

    /// <summary>
    /// Delayed retries of a message while its model stands still: ten minutes, then it counts as failed.
    /// </summary>
    private const int Patience = 60;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A message is not at fault when a store is away, so it comes back later rather than ending in the error queue.
    /// The model gets its event anyway: the runners follow the log, not the messages.
    /// </summary>
    public static void Configure(EndpointConfiguration endpoint)
    {
        endpoint.LimitMessageProcessingConcurrencyTo(Concurrency);
        endpoint.Recoverability().CustomPolicy((config, error) =>
            error.Exception is ProjectionBehindException && error.DelayedDeliveriesPerformed < Patience
                ? RecoverabilityAction.DelayedRetry(RetryAfter)
                : DefaultRecoverabilityPolicy.Invoke(config, error));
    }
}
