namespace Workflows.Fulfilment;

/// <summary>
/// How long each step of a fulfilment may take, and how often it is tried; configured as <c>Fulfilment:Payment</c> and
/// so on. Timeouts have whole seconds; what is below counts as the next second.
/// </summary>
public sealed record FulfilmentLimits
{
    public TimeSpan Stock { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Payment { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan Confirmation { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Shipment { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Of each attempt to capture, and to book the shipped units out.</summary>
    public TimeSpan Capture { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of each attempt at a step that undoes something.</summary>
    public TimeSpan Compensation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often capturing, booking out and every undoing step are tried. They are safe to repeat; the steps before
    /// are tried once, then undone.
    /// </summary>
    public int Attempts { get; init; } = 3;

    internal TimeSpan TimeoutOf(FulfilmentStep step) => step switch
    {
        FulfilmentStep.ReservingStock => Stock,
        FulfilmentStep.AuthorizingPayment => Payment,
        FulfilmentStep.ConfirmingOrder => Confirmation,
        FulfilmentStep.AwaitingDispatch => Shipment,
        FulfilmentStep.CapturingPayment or FulfilmentStep.ShippingStock => Capture,
        _ => Compensation,
    };

    internal int AttemptsOf(FulfilmentStep step) => step switch
    {
        FulfilmentStep.ReservingStock => 1,
        FulfilmentStep.AuthorizingPayment => 1,
        FulfilmentStep.ConfirmingOrder => 1,
        FulfilmentStep.AwaitingDispatch => 1,
        _ => Attempts,
    };
}
