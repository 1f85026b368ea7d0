using Commerce.Contracts;
using Commerce.Contracts.Payments;

namespace Commerce.Payments;

/// <summary>The payment of one order.</summary>
/// <param name="Amount">What is asked for; currency XXX until it is known.</param>
/// <param name="Reference">The gateway's name for the hold; null until it approved.</param>
public sealed record Payment(PaymentStatus Status, Money Amount, string? Reference)
{
    public static Payment Initial { get; } = new(PaymentStatus.None, new Money(0, "XXX"), null);

    /// <summary>The state after an event; events of other kinds leave it as it is.</summary>
    public static Payment Evolve(Payment payment, object fact) => fact switch
    {
        PaymentRequested e => payment with { Status = PaymentStatus.Requested, Amount = e.Amount },
        PaymentAuthorized e => new Payment(PaymentStatus.Authorized, e.Amount, e.Reference),
        PaymentDeclined => payment with { Status = PaymentStatus.Declined },
        PaymentCaptured => payment with { Status = PaymentStatus.Captured },
        PaymentVoided => payment with { Status = PaymentStatus.Voided },
        PaymentRefunded => payment with { Status = PaymentStatus.Refunded },
        _ => payment,
    };
}

public enum PaymentStatus
{
    None,

    /// <summary>The gateway's answer is awaited.</summary>
    Requested,

    /// <summary>The amount is held on the card.</summary>
    Authorized,
    Declined,

    /// <summary>The amount is taken.</summary>
    Captured,

    /// <summary>Nothing is held or taken, and nothing will be.</summary>
    Voided,

    /// <summary>The amount was taken and given back.</summary>
    Refunded,
}

/// <summary>The rules of payments, one file per command.</summary>
public static partial class PaymentDecider;
