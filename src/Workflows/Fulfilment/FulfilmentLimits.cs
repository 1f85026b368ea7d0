namespace Workflows.Fulfilment;

/// <summary>
/// How long each step of a fulfilment may take, and how often it is tried; configured as <c>Fulfilment:Payment</c> and
/// so on. Timeouts have whole seconds; what is below counts as the next second.
/// </summary>
public sealed record FulfilmentLimits
{
    /// <summary>
    /// Of a step that our own services answer, and of a request on its way to bank or carrier. Their messages wait in
    /// durable queues while a server is away or a backlog is worked off, so this is no measure of speed: it ends what
    /// is stuck in the error queue.
    /// </summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>From the moment the gateway is asked until the payment is authorized or declined.</summary>
    public TimeSpan Payment { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>From the moment the carrier is asked until the parcel is dispatched or refused.</summary>
    public TimeSpan Shipment { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How often capturing, booking out and every undoing step are tried. They are safe to repeat; the steps before
    /// are tried once, then undone.
    /// </summary>
    public int Attempts { get; init; } = 3;

    internal TimeSpan Shortest => new[] { Step, Payment, Shipment }.Min();

    internal int AttemptsOf(FulfilmentStep step) => step switch
    {
        FulfilmentStep.ReservingStock => 1,
        FulfilmentStep.AuthorizingPayment => 1,
        FulfilmentStep.ConfirmingOrder => 1,
        FulfilmentStep.AwaitingDispatch => 1,
        _ => Attempts,
    };
}
